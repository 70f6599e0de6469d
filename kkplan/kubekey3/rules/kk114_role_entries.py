"""Role group entries that KubeKey reads otherwise than they look."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.roles import RoleProblem, RoleTrap
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, Text, Verbatim, node_names
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule
from kkplan.shown import shown_node

_WORDS: dict[RoleTrap, tuple[Severity, Text, Text]] = {
    RoleTrap.UNKNOWN_HOST: (
        Severity.ERROR,
        T("{group}: {names} not in hosts; kk stops with an error"),
        T("Add the host, or correct the name"),
    ),
    RoleTrap.UNREADABLE_RANGE: (
        Severity.ERROR,
        T("{group}: {entry} looks like a range but is none; kk panics"),
        T("Write a range as node[1:3]"),
    ),
    RoleTrap.SUFFIX_DROPPED: (
        Severity.WARNING,
        T("{group}: {entry} means {names} to kk; what stands behind the range is dropped"),
        T("Name the hosts one by one"),
    ),
    RoleTrap.LEADING_ZEROS: (
        Severity.WARNING,
        T("{group}: {entry} means {names} to kk; leading zeros are lost"),
        T("Name the hosts one by one, or without leading zeros"),
    ),
    RoleTrap.EMPTY_RANGE: (
        Severity.WARNING,
        T("{group}: {entry} counts down; to kk it is empty"),
        T("Write the smaller number first"),
    ),
    RoleTrap.RANGE_TOO_LONG: (
        Severity.ERROR,
        T("{group}: {entry} is longer than any cluster"),
        T("Correct the numbers"),
    ),
}


def check(subject: Subject) -> Iterator[Finding]:
    """Find entries that name no host, or that expand to other hosts than one would think."""
    for problem in subject.config.role_groups.problems:
        if problem.trap is RoleTrap.UNKNOWN_HOST and not subject.cluster.hosts:
            continue  # KK317's: that is the cause
        severity, message, advice = _WORDS[problem.trap]
        yield RULE.finding(_filled(message, problem), advice, at=problem.place, severity=severity)


def _filled(message: Text, problem: RoleProblem) -> Text:
    names = [shown_node(name) or '""' for name in problem.expands_to[:5]] + ["…"] * (len(problem.expands_to) > 5)
    return T(message.template, group=problem.group, entry=node_names(problem.entry), names=Verbatim(", ".join(names)))


RULE = Rule(
    "KK114",
    Severity.ERROR,
    T("a role group entry that kk reads otherwise than it looks"),
    check,
    why=T(
        "kk expands an entry with [, : and ] to a range of hosts: what stands behind the range is dropped, leading zeros are lost, a range that counts down is empty, and one that does not match makes kk panic. A name that is not among the hosts stops it."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, ParseRolesList, getHostsRange",
    bad="""\
roleGroups:
  etcd: [master1, master2, master3]
  control-plane: [master1, master2, master3]
  worker: ["node[1:2]-a"]
""",
    good="""\
roleGroups:
  etcd: [master1, master2, master3]
  control-plane: [master1, master2, master3]
  worker: ["node[1:2]"]
""",
)
