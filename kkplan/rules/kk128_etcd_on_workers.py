"""etcd on machines that also run ordinary pods."""

from kkplan.cluster.cluster import Role
from kkplan.locale import T, node_names
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    cluster = subject.cluster
    workers = set(cluster.workers_only)
    shared = [host.name for host in cluster.etcd_members if host in workers]
    if shared:
        yield RULE.finding(
            T(
                "etcd runs on {names} together with ordinary pods: a full or busy disk slows down the cluster",
                names=node_names(*shared[:5]),
            ),
            T("Run etcd on the control planes or on dedicated machines"),
            at=cluster.place_of(Role.ETCD),
        )


RULE = Rule(
    "KK128",
    Severity.INFO,
    T("etcd on workers"),
    check,
    why=T(
        "etcd writes every change to disk before it answers. If writes take too long, it loses its leader. "
        "On a worker, etcd shares disk and CPU with any pod scheduled there."
    ),
    source="etcd, Hardware recommendations; Kubernetes, Operating etcd clusters for Kubernetes",
    bad=ROLES.replace("etcd: [master1, master2, master3]", "etcd: [master1, master2, node1]"),
    good=ROLES,
)
