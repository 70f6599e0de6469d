"""A load balancer outside the cluster needs the internal IP of each control plane."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.cluster import is_ip
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find control planes whose address is no IP."""
    for host in subject.cluster.control_planes:
        if not is_ip(host.internal_address):
            yield RULE.finding(
                T("control plane {host} has no usable internalAddress or address", host=host.name),
                T("Give it an IP address"),
                at=host.place,
            )


RULE = Rule("KK118", Severity.ERROR, T("a control plane without a usable address"), check)
