"""KubeKey's HAProxy binds the constant 127.0.0.1:6443 (pkg/loadbalancer/templates), while workers are pointed at the endpoint's port."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.endpoint import DEFAULT_PORT, HAPROXY
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find haproxy with another port."""
    endpoint = subject.cluster.endpoint
    if endpoint.internal_loadbalancer == HAPROXY and endpoint.port != DEFAULT_PORT:
        yield RULE.finding(
            T(
                "port is {port}, but KubeKey's HAProxy listens on 6443 whatever it says: workers would talk to a port that nobody serves",
                port=endpoint.port,
            ),
            T("Set port to 6443"),
            at=endpoint.place_of("port"),
        )


RULE = Rule("KK103", Severity.ERROR, T("internalLoadbalancer: haproxy with a port other than 6443"), check)
