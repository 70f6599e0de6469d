"""KK145: KubeKey's HAProxy asks without credentials."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ROLES, config_text, found, found_in_plan, line_with

HAPROXY = "internalLoadbalancer: haproxy"


def with_flags(*flags: str) -> str:
    return f"kubernetes:\n  apiserverArgs: [{', '.join(flags)}]\n"


@pytest.mark.parametrize(
    "flags", [("anonymous-auth=false",), ("v=2", "anonymous-auth=F"), ("anonymous-auth=true", "anonymous-auth=false")]
)
def test_anonymous_requests_are_refused(flags: tuple[str, ...]) -> None:
    text = config_text(HAPROXY, more=with_flags(*flags))
    (finding,) = found("KK145", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "apiserverArgs:"))
    assert len(found_in_plan("KK145", config_text(more=with_flags(*flags)), "internal-haproxy")) == 1


def test_silent_where_they_are_not_or_nobody_asks() -> None:
    assert found("KK145", config_text(HAPROXY, more=with_flags("anonymous-auth=true"))) == []
    assert found("KK145", config_text(HAPROXY, more=with_flags("anonymous-auth"))) == []
    assert found("KK145", config_text(more=with_flags("anonymous-auth=false"))) == []
    roles = {**ROLES, "worker": ("master1",)}
    assert found("KK145", config_text(HAPROXY, roles=roles, more=with_flags("anonymous-auth=false"))) == []
