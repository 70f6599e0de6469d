"""A host in no role group, or only in one that kk does not use. Silent where kk stops at an entry."""

from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    roles = subject.config.role_groups
    if subject.config.entry_at("roleGroups") is None or roles.stops_at(*(group for group, _ in roles.groups)):
        return
    cluster = subject.cluster
    members = {name for _, names in roles.groups for name in names}
    others = {name for group, names in roles.groups if group != "etcd" for name in names}
    idle = set() if cluster.wants_etcd_members else members - others
    for host in cluster.hosts:
        if host.name in idle:
            yield RULE.finding(
                T(
                    "{host} is only in role group etcd, but with etcd.type {type} kk runs no etcd there",
                    host=node_names(host.name),
                    type=cluster.etcd_type,
                ),
                T("List it in another role group, delete it, or set etcd.type: kubekey"),
                at=host.place,
            )
        elif host.name and host.name not in members:
            yield RULE.finding(
                T("{host} is in no role group: kk does not install it", host=node_names(host.name)),
                T("List it in roleGroups, e.g. under worker, or delete it"),
                at=host.place,
            )


RULE = Rule(
    "KK315",
    Severity.WARNING,
    T("a host in no role group"),
    check,
    why=T(
        "kk processes only hosts in role groups. A host in no group is neither installed nor reported; only "
        "its name ends up in the certificates. A host that is only in etcd gets etcd only if etcd.type is kubekey."
    ),
    source="cmd/kk/pkg/common/kube_runtime.go, NewKubeRuntime",
    bad=ROLES.replace("node1, node2", "node1"),
    good=ROLES,
    for_plans=False,
)
