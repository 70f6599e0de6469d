"""internalLoadbalancer is compared letter for letter; any other value is the same as none (cluster_types.go, IsInternalLBEnabled)."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from kkplan.cluster.endpoint import HAPROXY, KUBE_VIP
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find a value that is neither haproxy nor kube-vip."""
    endpoint = subject.cluster.endpoint
    value = endpoint.internal_loadbalancer
    if value not in ("", HAPROXY, KUBE_VIP):
        guess = get_close_matches(value.lower(), (HAPROXY, KUBE_VIP), 1)
        yield RULE.finding(
            T(
                "internalLoadbalancer: {value} is unknown to kk, which silently goes without a load balancer",
                value=value,
            ),
            T("Did you mean {guess}?", guess=guess[0]) if guess else T("Use haproxy or kube-vip"),
            at=endpoint.place_of("internalLoadbalancer"),
        )


RULE = Rule("KK111", Severity.ERROR, T("an internalLoadbalancer that KubeKey does not know"), check)
