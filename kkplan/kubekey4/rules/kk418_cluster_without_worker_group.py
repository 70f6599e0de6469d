"""A group k8s_cluster that `kk add nodes` cannot add a worker to."""

from kkplan.kubekey4.inventory import CLUSTER, WORKERS, Inventory
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files = subject.config
    inventory = files.inventory
    if files.load_stops or inventory is None or not inventory.members_of(CLUSTER) or _holds_workers(inventory):
        return
    yield RULE.finding(
        T(
            "group {group} does not contain group {workers}: kk add nodes reports success, but joins no worker",
            group=CLUSTER,
            workers=WORKERS,
        ),
        T("Write {group} as groups: [kube_control_plane, kube_worker]", group=CLUSTER),
        at=inventory.place_of_group(CLUSTER),
    )


def _holds_workers(inventory: Inventory) -> bool:
    """Whether the cluster's group leads to that of the workers; each group is looked at once."""
    found = [CLUSTER]
    for name in found:
        group = inventory.groups.get(name)
        found += dict.fromkeys(one for one in group.groups if one not in found) if group is not None else ()
    return WORKERS in found


RULE = Rule(
    "KK418",
    Severity.WARNING,
    T("a cluster that no worker can be added to"),
    check,
    why=T(
        "kk add nodes --worker puts the new host into the group kube_worker and joins the new hosts of k8s_cluster. If k8s_cluster lists hosts instead of groups, the new host is not in it. kk then ends without an error, joins nothing, and still rewrites /etc/hosts of all nodes."
    ),
    source="run: KubeKey v4.0.6; cmd/kk/app/options/builtin/add.go; builtin/core/playbooks/add_nodes.yaml",
    bad="# inventory.yaml\ngroups:\n  k8s_cluster: {hosts: [cp1, cp2, cp3, w1, w2]}\n  kube_control_plane: {hosts: [cp1, cp2, cp3]}\n  kube_worker: {hosts: [w1, w2]}\n  etcd: {hosts: [cp1, cp2, cp3]}\n",
    good="# inventory.yaml\ngroups:\n  k8s_cluster: {groups: [kube_control_plane, kube_worker]}\n  kube_control_plane: {hosts: [cp1, cp2, cp3]}\n  kube_worker: {hosts: [w1, w2]}\n  etcd: {hosts: [cp1, cp2, cp3]}\n",
)
