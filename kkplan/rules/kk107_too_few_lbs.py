"""One LB server is a single point of failure."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find a pair that is none."""
    if subject.lb_hosts is not None and len(subject.lb_hosts) < 2:
        yield RULE.finding(
            T("only {count} LB server: when it dies, so does the endpoint", count=len(subject.lb_hosts)),
            T("Give at least two: --lb lb1=IP --lb lb2=IP"),
        )


RULE = Rule("KK107", Severity.ERROR, T("fewer than two LB servers"), check)
