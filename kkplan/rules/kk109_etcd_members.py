"""An even number of etcd members, or no member although KubeKey should install etcd."""

from kkplan.cluster.cluster import Role
from kkplan.locale import T, named
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    cluster = subject.cluster
    if Role.ETCD in cluster.misread_roles:
        return  # KK114 reports it: the intended number is unknown
    count = len(cluster.etcd_members)
    if count == 0 and cluster.wants_etcd_members:
        yield RULE.finding(
            T("no etcd member: kk stops with an error"),
            T("List the hosts under {key}", key=named(cluster.key_of(Role.ETCD))),
            at=cluster.place_of(Role.ETCD),
            severity=Severity.ERROR,
        )
    elif count and count % 2 == 0:
        yield RULE.finding(
            T(
                "{count} etcd members survive the loss of {survives}, the same as {fewer}",
                count=count,
                survives=count // 2 - 1,
                fewer=count - 1,
            ),
            T("Use an odd number: 3 or 5"),
            at=cluster.place_of(Role.ETCD),
        )


RULE = Rule(
    "KK109",
    Severity.WARNING,
    T("an even number of etcd members"),
    check,
    why=T(
        "etcd stops writing when it loses its majority. Four members survive the loss of one, the same as "
        "three: the fourth only adds a machine that can fail. kk does not check the number of members. "
        "Without any member kk stops, unless etcd is external or managed by kubeadm."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GroupHosts; etcd FAQ, failure tolerance",
    bad=ROLES.replace("etcd: [master1, master2, master3]", "etcd: [master1, master2]"),
    good=ROLES,
)
