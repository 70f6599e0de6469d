"""A control character in a name of the cluster, a host or a role group, in an address or in the domain."""

from collections.abc import Callable, Iterator
from functools import partial

from kkplan.document.place import Place
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.visible import has_control_characters


def check(subject: Subject) -> Findings:
    for what, value, locate in _texts(subject):
        if has_control_characters(value):
            yield RULE.finding(
                T("{what} contains a control character or an invisible character", what=what),
                T("Type the value again, without quotes"),
                at=locate(),
            )


def _texts(subject: Subject) -> Iterator[tuple[str, str, Callable[[], Place]]]:
    """Each text, its description, and a function that finds its place: only called if needed, for large files."""
    cluster, roles, endpoint = subject.cluster, subject.config.role_groups, subject.endpoint
    yield "metadata.name", cluster.name, lambda: cluster.place
    for host in cluster.hosts:
        yield "hosts[].name", host.name, host.locate
        yield "hosts[].address", host.address, host.locate
        for address in host.internal_addresses:
            yield "hosts[].internalAddress", address, host.locate
    for group, place in roles.places:
        yield "roleGroups", group, partial(_known, place)
    for problem in roles.problems:
        yield f"roleGroups.{problem.group}", problem.entry, partial(_known, problem.place)
    yield "controlPlaneEndpoint.domain", endpoint.domain, partial(endpoint.place_of, "domain")
    yield "controlPlaneEndpoint.address", endpoint.address, partial(endpoint.place_of, "address")
    balancer = "internalLoadbalancer"
    yield f"controlPlaneEndpoint.{balancer}", endpoint.internal_loadbalancer, partial(endpoint.place_of, balancer)


def _known(place: Place) -> Place:
    return place


RULE = Rule(
    "KK316",
    Severity.ERROR,
    T("a control character in a name or an address"),
    check,
    why=T(
        "A line break, an escape sequence or a character that changes the text direction makes a name look "
        "like something else in a terminal, a log or a diff. A host name or an address must not contain one. "
        "kk fails on it, at the latest on the target machines."
    ),
    source="RFC 1123, 2.1; Unicode Technical Report 36, 2.1 and 3",
    bad="""\
metadata:
  name: "sample\\u202e"
""",
    good="""\
metadata:
  name: sample
""",
)
