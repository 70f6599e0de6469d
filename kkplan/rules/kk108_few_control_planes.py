"""A control plane too small to survive the loss of a machine."""

from kkplan.cluster.cluster import Cluster, Role
from kkplan.locale import T, Text, named
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    cluster = subject.cluster
    if Role.CONTROL_PLANE in cluster.misread_roles:
        return  # KK114 reports it: the intended number is unknown
    count = len(cluster.control_planes)
    if count == 0:
        yield RULE.finding(
            T("no control plane: kk stops with an error"),
            T("List the hosts under {key}", key=named(cluster.key_of(Role.CONTROL_PLANE))),
            at=cluster.place_of(Role.CONTROL_PLANE),
            severity=Severity.ERROR,
        )
    elif count < 3:
        yield RULE.finding(
            _what_is_lost(cluster),
            T("Use three control planes, with etcd on three machines"),
            at=cluster.place_of(Role.CONTROL_PLANE),
        )


def _what_is_lost(cluster: Cluster) -> Text:
    if len(cluster.control_planes) == 1:
        return T("one control plane: if it fails, no API server is left")
    members = {host.name for host in cluster.etcd_members}
    if len(members) == 2 and members == {host.name for host in cluster.control_planes}:
        return T(
            "two control planes with etcd on both: if one fails, etcd stops, and with it the API server of the other"
        )
    return T("two control planes: after one failure there is no spare")


RULE = Rule(
    "KK108",
    Severity.WARNING,
    T("fewer than three control planes"),
    check,
    why=T(
        "One control plane is a single point of failure. Two are no better if etcd runs on them, as it "
        "usually does: etcd with two members needs both. A load balancer in front does not change that. "
        "Without a control plane, kk stops."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GroupHosts; etcd FAQ, failure tolerance",
    bad=ROLES.replace("control-plane: [master1, master2, master3]", "control-plane: [master1, master2]"),
    good=ROLES,
)
