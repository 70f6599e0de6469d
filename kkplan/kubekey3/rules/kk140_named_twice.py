"""A host listed twice in a role group (master and control-plane are one): kk runs each task there twice in parallel."""

from collections import Counter
from collections.abc import Iterator

from kkplan.kubekey3.config import Config
from kkplan.kubekey3.roles import CONTROL_PLANE_GROUPS, ROLE_GROUPS
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    config = subject.config
    members = dict(config.role_groups.groups)
    for groups in _groups(config):
        counts = Counter(name for group in groups for name in members.get(group, ()))
        twice = [name for name, count in counts.items() if count > 1][:5]
        if twice:
            yield RULE.finding(
                T(
                    "{group} lists {hosts} twice: kk runs every task there twice in parallel",
                    group=groups[-1],
                    hosts=node_names(*twice),
                ),
                T("List each host once. A range such as node[1:3] already includes node1, node2 and node3"),
                at=config.place_of_group(*reversed(groups)),
            )


def _groups(config: Config) -> Iterator[tuple[str, ...]]:
    there = [group for group, _ in config.role_groups.groups if group in ROLE_GROUPS]
    control_planes = tuple(group for group in CONTROL_PLANE_GROUPS if group in there)
    yield from ([control_planes] if control_planes else [])
    yield from ((group,) for group in there if group not in CONTROL_PLANE_GROUPS)


RULE = Rule(
    "KK140",
    Severity.ERROR,
    T("a host listed twice in a role group"),
    check,
    why=T(
        "kk gives the host the role once for each mention, and then runs the role's tasks for all mentions "
        "in parallel: two `kubeadm join` at once on one machine, two members with the same name in etcd. "
        "Overlapping ranges, or a host in both master and control-plane, have the same effect."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, ParseRolesList, GroupHosts; cmd/kk/pkg/core/connector/runtime.go, AppendRoleMap",
    bad=ROLES.replace("node1, node2", '"node[1:2]", node2'),
    good=ROLES.replace("node1, node2", '"node[1:2]"'),
)
