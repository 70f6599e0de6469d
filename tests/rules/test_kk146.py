"""KK146: skipConfigureOS leaves the domain to the site."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ROLES, config_text, found, found_in_plan, line_with

SKIP = "system:\n  skipConfigureOS: true\n"


@pytest.mark.parametrize(
    ("endpoint", "line"),
    [
        ("address: 172.16.0.100", "172.16.0.100 lb.kubesphere.local"),
        ("internalLoadbalancer: kube-vip\naddress: 172.16.0.100", "172.16.0.100 lb.kubesphere.local"),
        ("internalLoadbalancer: haproxy", "172.16.0.4 lb.kubesphere.local"),
        ("address: 127.0.0.1", "172.16.0.4 lb.kubesphere.local"),
        ("domain: lb.example.com\naddress: 172.16.0.100", "172.16.0.100 lb.example.com"),
    ],
)
def test_nobody_resolves_the_domain(endpoint: str, line: str) -> None:
    text = config_text(endpoint, more=SKIP)
    (finding,) = found("KK146", text)
    assert (finding.severity, finding.line) == (Severity.WARNING, line_with(text, "skipConfigureOS:"))
    assert f"`{line}`" in finding.advice.english
    assert len(found_in_plan("KK146", config_text(more=SKIP), "internal-haproxy")) == 1


@pytest.mark.parametrize(
    ("endpoint", "more"),
    [
        ("address: 172.16.0.100", ""),
        ("domain: lb.example.com\naddress: 172.16.0.100\nexternalDNS: true", SKIP),
        ('address: ""', SKIP),
        ("internalLoadbalancer: haproxy\naddress: 172.16.0.100", SKIP),
    ],
)
def test_silent_where_dns_does_or_others_tell(endpoint: str, more: str) -> None:
    """KK102 has it without any load balancer, KK101 where nothing is installed."""
    assert found("KK146", config_text(endpoint, more=more)) == []


def test_one_control_plane_needs_the_domain_as_well() -> None:
    roles = {**ROLES, "control-plane": ("master1",)}
    (finding,) = found("KK146", config_text('address: ""', roles=roles, more=SKIP))
    assert "`172.16.0.4 lb.kubesphere.local`" in finding.advice.english
