"""KubeKey's HAProxy in a cluster where every worker is a control plane, so that no machine gets it."""

from kkplan.kubekey4.defaults import HAPROXY
from kkplan.kubekey4.installation import goes_through
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files = subject.config
    if (
        goes_through(files)
        and files.inventory is not None
        and subject.endpoint.type == HAPROXY
        and not subject.cluster.workers_only
    ):
        yield RULE.finding(
            T("every worker is a control plane: kk installs no HAProxy, and each node uses its own API server"),
            T("The nodes need no change. Clients outside the cluster need a load balancer: cloud-lb or keepalived"),
            at=subject.endpoint.place,
        )


RULE = Rule(
    "KK417",
    Severity.INFO,
    T("type haproxy without a dedicated worker"),
    check,
    why=T(
        "kk 4 installs HAProxy on workers that are not control planes. Without such a worker it installs none and points every node at 127.0.0.1, where the node's own API server listens. A failed API server affects only its own node. But kubeconfigs used elsewhere have no endpoint that survives a failure."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/kubernetes/pre-kubernetes/tasks/high-availability/main.yaml",
    bad="# inventory.yaml\ngroups:\n  k8s_cluster: {groups: [kube_control_plane, kube_worker]}\n  kube_control_plane: {hosts: [cp1, cp2, cp3]}\n  kube_worker: {hosts: [cp1, cp2, cp3]}\n  etcd: {hosts: [cp1, cp2, cp3]}\n",
    good="# inventory.yaml\ngroups:\n  k8s_cluster: {groups: [kube_control_plane, kube_worker]}\n  kube_control_plane: {hosts: [cp1, cp2, cp3]}\n  kube_worker: {hosts: [w1, w2]}\n  etcd: {hosts: [cp1, cp2, cp3]}\n",
)
