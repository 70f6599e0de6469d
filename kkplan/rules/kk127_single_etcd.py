"""A single etcd member for several control planes."""

from kkplan.cluster.cluster import Role
from kkplan.locale import T, node_names
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    cluster = subject.cluster
    members = cluster.etcd_members
    if len(members) == 1 and len(cluster.control_planes) > 1 and Role.ETCD not in cluster.misread_roles:
        yield RULE.finding(
            T(
                "{count} control planes, but etcd only on {host}: if that machine fails, no API server works",
                count=len(cluster.control_planes),
                host=node_names(members[0].name),
            ),
            T("Run etcd on three machines, e.g. the control planes"),
            at=cluster.place_of(Role.ETCD),
        )


RULE = Rule(
    "KK127",
    Severity.WARNING,
    T("several control planes but only one etcd member"),
    check,
    why=T(
        "Every API server needs etcd for every request, and etcd holds all of the cluster's state. If the "
        "only member fails, the control plane stops, no matter how many control planes and load balancers "
        "there are. Without a backup the cluster is lost."
    ),
    source="etcd FAQ, failure tolerance; Kubernetes, Options for Highly Available Topology",
    bad=ROLES.replace("etcd: [master1, master2, master3]", "etcd: [master1]"),
    good=ROLES,
)
