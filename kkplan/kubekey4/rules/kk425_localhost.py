"""localhost in the groups without an address, as in the inventory that `kk create inventory` writes."""

from kkplan.kubekey4.inventory import CONTROL_PLANES, ETCD, LOCALHOST, WORKERS
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files = subject.config
    inventory = files.inventory
    if files.load_stops or inventory is None or LOCALHOST not in inventory.hosts:
        return
    groups = [name for name in (CONTROL_PLANES, WORKERS, ETCD) if LOCALHOST in inventory.members_of(name)]
    if not groups or files.internal_addresses(LOCALHOST):
        return
    # Without an address, it cannot be behind a load balancer either.
    is_backend = subject.today is not None and CONTROL_PLANES in groups
    yield RULE.finding(
        T("localhost is in {groups}: kk would install on the machine it runs on", groups=", ".join(groups)),
        T(
            "Name your hosts in spec.hosts and in the groups. If you mean that machine, give localhost its internal_ipv4"
        ),
        at=inventory.place_of(LOCALHOST),
        severity=Severity.ERROR if is_backend else Severity.WARNING,
    )


RULE = Rule(
    "KK425",
    Severity.WARNING,
    T("localhost in the groups of the inventory"),
    check,
    why=T(
        "The file that kk create inventory writes has localhost in every group, until you replace it with your hosts. kk accepts it: localhost needs no entry in spec.hosts, and its precheck does not ask for an internal address. kk then installs Kubernetes on the machine it runs on. If only one group was forgotten, that machine joins the cluster. In a plan this is an error for a control plane: a load balancer needs its address."
    ),
    source="run: KubeKey v4.0.6; pkg/variable/helper.go, ConvertGroup; builtin/core/defaults/inventory/localhost.yaml; builtin/core/roles/precheck/network",
    bad="# inventory.yaml\ngroups:\n  k8s_cluster: {groups: [kube_control_plane, kube_worker]}\n  kube_control_plane: {hosts: [cp1, cp2, cp3]}\n  kube_worker: {hosts: [localhost]}\n  etcd: {hosts: [cp1, cp2, cp3]}\n",
    good="# inventory.yaml\ngroups:\n  k8s_cluster: {groups: [kube_control_plane, kube_worker]}\n  kube_control_plane: {hosts: [cp1, cp2, cp3]}\n  kube_worker: {hosts: [w1, w2]}\n  etcd: {hosts: [cp1, cp2, cp3]}\n",
    instead_of=frozenset(("KK118", "KK312")),
)
