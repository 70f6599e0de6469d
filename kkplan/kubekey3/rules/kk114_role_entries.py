"""Role group entries that match no host, or that KubeKey expands in an unexpected way."""

from kkplan.kubekey3.roles import RoleProblem, RoleTrap
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, Text, Verbatim, node_names
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.shown import shown_node

_WORDS: dict[RoleTrap, tuple[Severity, Text, Text]] = {
    RoleTrap.UNKNOWN_HOST: (
        Severity.ERROR,
        T("{group}: {names} not in hosts. kk stops with an error"),
        T("Add the host to hosts, or fix the name"),
    ),
    RoleTrap.UNREADABLE_RANGE: (
        Severity.ERROR,
        T("{group}: {entry} looks like a range but is not valid: kk panics"),
        T("Write a range like node[1:3]"),
    ),
    RoleTrap.SUFFIX_DROPPED: (
        Severity.WARNING,
        T("{group}: kk expands {entry} to {names} and ignores the text after the range"),
        T("List the hosts one by one"),
    ),
    RoleTrap.LEADING_ZEROS: (
        Severity.WARNING,
        T("{group}: kk expands {entry} to {names}, without the leading zeros"),
        T("List the hosts one by one, or use names without leading zeros"),
    ),
    RoleTrap.EMPTY_RANGE: (
        Severity.WARNING,
        T("{group}: {entry} counts down, so kk expands it to no host"),
        T("Write the smaller number first"),
    ),
    RoleTrap.RANGE_TOO_LONG: (
        Severity.ERROR,
        T("{group}: {entry} has more hosts than any cluster"),
        T("Fix the numbers"),
    ),
}


def check(subject: Subject) -> Findings:
    known = {host.name for host in subject.cluster.hosts}
    for problem in subject.config.role_groups.problems:
        if problem.trap is RoleTrap.UNKNOWN_HOST and not subject.cluster.hosts:
            continue  # KK317 reports the cause
        severity, message, advice = _WORDS[problem.trap]
        if problem.trap is RoleTrap.UNKNOWN_HOST and problem.entry.strip() in known:
            message = T("{group}: {entry} is written with a space before or after it. kk stops with an error")
            advice = T("Remove the space")
            problem = problem._replace(entry=problem.entry.strip())
        yield RULE.finding(_filled(message, problem), advice, at=problem.place, severity=severity)


def _filled(message: Text, problem: RoleProblem) -> Text:
    names = [shown_node(name) or '""' for name in problem.expands_to[:5]] + ["…"] * (len(problem.expands_to) > 5)
    return T(message.template, group=problem.group, entry=node_names(problem.entry), names=Verbatim(", ".join(names)))


RULE = Rule(
    "KK114",
    Severity.ERROR,
    T("a role group entry that kk expands in an unexpected way"),
    check,
    why=T(
        "kk expands an entry that contains [, : and ] to a range of hosts. It ignores text after the range "
        "and drops leading zeros. A range that counts down is empty, and one with another form makes kk "
        "panic. kk stops at a name that is not in hosts."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, ParseRolesList, getHostsRange",
    bad=ROLES.replace("node1, node2", '"node[1:2]-a"'),
    good=ROLES.replace("node1, node2", '"node[1:2]"'),
)
