"""A name or an address with a control character in it."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.document.place import Place
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule
from kkplan.visible import has_control_characters


def check(subject: Subject) -> Iterator[Finding]:
    """Find control characters in names of the cluster, hosts and role groups, in addresses and in the domain."""
    for what, value, place in _texts(subject):
        if has_control_characters(value):
            yield RULE.finding(
                T("{what} has a control character or an invisible one", what=what),
                T("Type the value again, without quotes"),
                at=place,
            )


def _texts(subject: Subject) -> Iterator[tuple[str, str, Place]]:
    """Each text, what it is in the file, and where."""
    cluster = subject.cluster
    yield "metadata.name", cluster.name, cluster.place
    for host in cluster.hosts:
        yield "hosts[].name", host.name, host.place
        yield "hosts[].address", host.address, host.place
        yield from (("hosts[].internalAddress", address, host.place) for address in host.internal_addresses)
    roles = subject.config.role_groups
    yield from (("roleGroups", group, place) for group, place in roles.places)
    yield from ((f"roleGroups.{problem.group}", problem.entry, problem.place) for problem in roles.problems)
    endpoint = subject.endpoint
    for key, value in (
        ("domain", endpoint.domain),
        ("address", endpoint.address),
        ("internalLoadbalancer", endpoint.internal_loadbalancer),
    ):
        yield f"controlPlaneEndpoint.{key}", value, endpoint.place_of(key)


RULE = Rule(
    "KK316",
    Severity.ERROR,
    T("a control character in a name or an address"),
    check,
    why=T(
        "A line end, an escape sequence or a character that turns the direction of text makes a name look like something else in a terminal, a log or a diff. Neither a host name nor an address may have one: kk fails on it, at the latest on the machines."
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
