"""Several control planes of which the other nodes use one only, which is what KubeKey 4 sets up by default."""

from kkplan.cluster.endpoint import Route
from kkplan.document.place import Place
from kkplan.kubekey4.effective import effective_endpoint
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    effective = effective_endpoint(subject)
    is_one_of_several = effective.route is Route.FIRST_CONTROL_PLANE and len(subject.cluster.control_planes) > 1
    if is_one_of_several and subject.config.inventory is not None:
        yield RULE.finding(
            effective.summary,
            T("Choose an HA mode: internal-haproxy, cloud-lb, keepalived or kube-vip"),
            at=_place(subject),
        )


def _place(subject: Subject) -> Place:
    """That of the address or the name of a cluster node, else that of the block."""
    endpoint, cluster = subject.endpoint, subject.cluster
    if cluster.host_at(endpoint.domain) or any(host.name == endpoint.domain for host in cluster.hosts):
        return endpoint.place_of("domain")
    return endpoint.place_of("address") if endpoint.address else endpoint.place


RULE = Rule(
    "KK408",
    Severity.ERROR,
    T("several control planes without a load balancer"),
    check,
    until_survives=True,
    why=T(
        "The default type is local, without an address. Control planes then use their own API server, and all workers use the one that initialises the cluster. kk picks it at random and reports nothing. The cluster works and looks highly available until that machine fails; then no worker reaches an API server. The same happens if the load balancer's address, or host, belongs to a cluster node."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/defaults/defaults/main/03-kubernetes.yaml; roles/defaults/tasks/main.yaml; roles/kubernetes/join-kubernetes/tasks/main.yaml",
    bad="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: local\n",
    good="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: local\n    local:\n      address: 10.0.0.100\n  apiserver:\n    certSANs: [10.0.0.100]\n",
)
