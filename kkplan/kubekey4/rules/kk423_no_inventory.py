"""A config without an inventory, in place of which kk uses the one that is built in."""

from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    if subject.config.inventory_part is None:
        yield RULE.finding(
            T("no inventory: kk would use its built-in one and install a cluster on the machine it runs on"),
            T("Create one: kk create inventory -o . , or name it: --inventory FILE"),
            at=subject.config.part.place,
        )


RULE = Rule(
    "KK423",
    Severity.WARNING,
    T("no inventory"),
    check,
    why=T(
        "The inventory names the machines and their roles. Without -i, kk uses a built-in inventory. Its only host is localhost, as control plane, worker and etcd member: kk installs the cluster there and does not report a missing file. The file that kk create inventory writes has the same host until you replace it with yours. Without an inventory, kkplan can check only what the config says by itself."
    ),
    source="KubeKey v4.0.6, cmd/kk/app/options/option.go, Complete; cmd/kk/app/options/builtin/builtin.go, getInventory; builtin/core/defaults/inventory/localhost.yaml",
    bad="# config.yaml, no inventory.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n",
    good="# inventory.yaml\ngroups:\n  k8s_cluster: {groups: [kube_control_plane, kube_worker]}\n  kube_control_plane: {hosts: [cp1, cp2, cp3]}\n  kube_worker: {hosts: [w1, w2]}\n  etcd: {hosts: [cp1, cp2, cp3]}\n",
)
