"""One LB server is a single point of failure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kkplan.cluster.endpoint import Endpoint
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule, Subject


def check(subject: Subject[Endpoint, Any]) -> Iterator[Finding]:
    """Find a pair that is none."""
    if subject.lb_hosts is not None and len(subject.lb_hosts) < 2:
        yield RULE.finding(
            T("only {count} LB server: when it dies, so does the endpoint", count=len(subject.lb_hosts)),
            T("Give at least two: --lb lb1=IP --lb lb2=IP"),
        )


RULE = Rule(
    "KK107",
    Severity.ERROR,
    T("fewer than two LB servers"),
    check,
    why=T(
        "A floating IP has to have a second server to float to. With one, its failure takes the endpoint away as that of a control plane would without any load balancer."
    ),
    source="keepalived.conf(5), vrrp_instance",
    bad="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0",
    good="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
)
