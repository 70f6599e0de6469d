"""KK120: the endpoint's domain is a name, no IP."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_in_plan, line_with


@pytest.mark.parametrize("domain", ["172.16.0.100", '"172.16.0.100"', "fd00::100", "'FD00:0::100'"])
def test_an_ip_as_domain(domain: str) -> None:
    """IPv4 and IPv6, quoted or not."""
    text = config_text(f"domain: {domain}\naddress: 172.16.0.101")
    (finding,) = found("KK120", text)
    assert (finding.id, finding.severity) == ("KK120", Severity.WARNING)
    assert finding.line == line_with(text, f"domain: {domain}")
    assert "is an IP address" in finding.message.english
    assert domain.strip("'\"") in finding.message.english


@pytest.mark.parametrize(
    "endpoint",
    [
        "domain: lb.kubesphere.local",
        "#domain: 172.16.0.100\ndomain: lb.example.com",
        "domain: 172.16.0.100.nip.io",
        'domain: ""\naddress: 172.16.0.100',
        "domain: null",
        "address: 172.16.0.100",
        None,
    ],
)
def test_silent_for_a_name_or_kk_s_default(endpoint: str | None) -> None:
    """A name may hold an IP; without one kk takes lb.kubesphere.local."""
    assert found("KK120", config_text(endpoint)) == []


def test_a_planned_domain_mends_it() -> None:
    """--domain."""
    text = config_text("domain: 172.16.0.100")
    assert len(found_in_plan("KK120", text, "internal-haproxy")) == 1
    assert found_in_plan("KK120", text, "internal-haproxy", domain="lb.kubesphere.local") == []
