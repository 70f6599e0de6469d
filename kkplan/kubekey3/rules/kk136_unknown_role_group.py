"""An unknown role group."""

from kkplan.document.place import Place
from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.roles import ROLE_GROUPS
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.nearest import CLOSE, nearest
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_NODES = "k8s"  # the role of every node; its hosts join like workers (kube_runtime.go, NewKubeRuntime)
_OTHER_WORDS = {"node": "worker", "nodes": "worker", "agent": "worker", "agents": "worker", "server": "control-plane"}


def check(subject: Subject) -> Findings:
    for group, place in subject.config.role_groups.places:
        if group in ROLE_GROUPS:
            continue
        if group == _NODES:
            yield from _without_haproxy(subject, place)
            continue
        folded = group.casefold().replace("_", "-")
        near = _OTHER_WORDS.get(folded) or nearest(folded, ROLE_GROUPS, CLOSE)
        yield RULE.finding(
            T("unknown role group {group}: hosts that are only in this group never join the cluster", group=group),
            T("Did you mean {guess}?", guess=near) if near else T("Known keys: {keys}", keys=", ".join(ROLE_GROUPS)),
            at=place,
        )


def _without_haproxy(subject: Subject, place: Place) -> Findings:
    """Hosts that are only in `k8s`. kk points them at internal HAProxy but installs none there."""
    cluster = subject.cluster
    others = {host.name for host in (*cluster.control_planes, *cluster.workers)}
    alone = [host.name for host in subject.config.hosts_in(_NODES) if host.name not in others]
    if alone and subject.endpoint.internal_loadbalancer == HAPROXY:
        yield RULE.finding(
            T(
                "{hosts} only in role group {group}: kk points these hosts at 127.0.0.1:6443 but installs HAProxy "
                "only on workers",
                hosts=node_names(*alone[:5]),
                group=_NODES,
            ),
            T("List them under worker"),
            at=place,
            severity=Severity.ERROR,
        )


RULE = Rule(
    "KK136",
    Severity.WARNING,
    T("an unknown role group"),
    check,
    why=T(
        "roleGroups may have any key, and kk finds its groups by their exact names. It prepares hosts of any "
        "other group, but gives them no role: they never join the cluster, and kk does not report it. The "
        "group k8s is an exception: its hosts get the role of a node and join."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GroupHosts, and Master, ControlPlane, Worker, ETCD, Registry; cmd/kk/pkg/common/kube_runtime.go, NewKubeRuntime",
    bad=ROLES.replace("node1, node2]", "node1]\n  workers: [node2]"),
    good=ROLES,
)
