"""json.Unmarshal refuses a value of another type than the field's: a quoted port above all (since KubeKey 1.1)."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find values that KubeKey cannot unmarshal."""
    for key, written in subject.cluster.endpoint.wrong_types():
        if key == "port" and isinstance(written.value, str):
            message = T("port is text (in quotes): kk fails to unmarshal it")
            advice = T("Write the number without quotes")
        else:
            message = T("{key} has a value of the wrong type: kk fails to unmarshal it", key=key)
            advice = T("Put text in quotes; externalDNS takes true or false, port a number")
        yield RULE.finding(message, advice, at=written.place)


RULE = Rule("KK112", Severity.ERROR, T("a value of the wrong type in controlPlaneEndpoint"), check)
