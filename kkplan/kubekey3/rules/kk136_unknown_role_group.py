"""An unknown role group."""

from kkplan.document.place import Place
from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.roles import CONTROL_PLANE_GROUPS, NODES, ROLE_GROUPS, meant_group
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    roles = subject.config.role_groups
    for group, place in roles.unknown().items():
        near = meant_group(group)
        advice = (
            T("Did you mean {guess}?", guess=near) if near else T("Known keys: {keys}", keys=", ".join(ROLE_GROUPS))
        )
        if _is_needed(subject, near):
            text = T("unknown role group {group}: without {meant}, kk stops with an error", group=group, meant=near)
            yield RULE.finding(text, advice, at=place, severity=Severity.ERROR)
        else:
            text = T(
                "unknown role group {group}: hosts that are only in this group never join the cluster", group=group
            )
            yield RULE.finding(text, advice, at=place)
    place_of_nodes = roles.place_of(NODES)
    if place_of_nodes is not None:
        yield from _without_haproxy(subject, place_of_nodes)


def _is_needed(subject: Subject, meant: str | None) -> bool:
    """Whether kk ends for lack of the group: nobody has its role."""
    cluster, roles = subject.cluster, subject.config.role_groups
    if meant in CONTROL_PLANE_GROUPS:
        return roles.is_misspelled(*CONTROL_PLANE_GROUPS)
    return meant == "etcd" and cluster.wants_etcd_members and roles.is_misspelled("etcd")


def _without_haproxy(subject: Subject, place: Place) -> Findings:
    """Hosts that are only in `k8s`. kk points them at internal HAProxy but installs none there."""
    cluster = subject.cluster
    others = {host.name for host in (*cluster.control_planes, *cluster.workers)}
    alone = [host.name for host in subject.config.hosts_in(NODES) if host.name not in others]
    if alone and subject.endpoint.internal_loadbalancer == HAPROXY:
        yield RULE.finding(
            T(
                "{hosts} only in role group {group}: kk points these hosts at 127.0.0.1:6443 but installs HAProxy "
                "only on workers",
                hosts=node_names(*alone[:5]),
                group=NODES,
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
