"""KK306: audit.enabled goes by autoRenewCerts."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, line_with


def kubernetes(*lines: str) -> str:
    return config_text(more="kubernetes:\n" + "".join(f"  {line}\n" for line in lines))


@pytest.mark.parametrize("value", ["true", "false"])
def test_kk_panics_without_auto_renew_certs(value: str) -> None:
    """Whatever enabled says."""
    text = kubernetes("audit:", f"  enabled: {value}")
    (finding,) = found("KK306", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "enabled:"))


@pytest.mark.parametrize(("audit", "renew"), [("true", "false"), ("false", "true")])
def test_it_is_what_the_other_says(audit: str, renew: str) -> None:
    """kk returns the one for the other."""
    (finding,) = found("KK306", kubernetes(f"autoRenewCerts: {renew}", "audit:", f"  enabled: {audit}"))
    assert finding.severity is Severity.WARNING
    assert finding.message.english.startswith(f"audit.enabled is {audit} and autoRenewCerts is {renew}")


@pytest.mark.parametrize(
    "lines",
    [
        ("autoRenewCerts: true", "audit: {enabled: true}"),
        ("autoRenewCerts: false", "audit: {enabled: false}"),
        ("audit: {}",),
        ("audit: {enabled: null}",),
        ("autoRenewCerts: true",),
    ],
)
def test_silent_where_both_are_the_same_or_none_is_asked_for(lines: tuple[str, ...]) -> None:
    assert found("KK306", kubernetes(*lines)) == []
