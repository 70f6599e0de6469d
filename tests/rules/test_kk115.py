"""KK115: kk writes the domain into /etc/hosts, which shadows what DNS says."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, config_text, found, found_in_plan, host, line_with


@pytest.mark.parametrize("address", ['address: ""', "address: null", "port: 6443"])
def test_external_dns_without_an_address(address: str) -> None:
    """The line that kk writes is quoted."""
    text = config_text(f"domain: lb.example.com\nexternalDNS: true\n{address}")
    (finding,) = found("KK115", text)
    assert (finding.id, finding.severity) == ("KK115", Severity.WARNING)
    assert finding.line == line_with(text, "externalDNS: true")
    assert "`172.16.0.4 lb.example.com`" in finding.message.english


def test_the_address_is_the_internal_ipv4_one() -> None:
    """Of a dual-stack host."""
    first = host("master1", "203.0.113.4", '"172.16.0.4,fd00::4"')
    (finding,) = found("KK115", config_text("externalDNS: yes", hosts=(first, *MASTERS[1:], *NODES)))
    assert "`172.16.0.4 lb.kubesphere.local`" in finding.message.english


@pytest.mark.parametrize(
    "endpoint",
    [
        "externalDNS: true\naddress: 172.16.0.100",
        "externalDNS: true\naddress: 127.0.0.1",  # KK104's
        "externalDNS: true\ninternalLoadbalancer: haproxy",
        "externalDNS: false",
        "externalDNS: null",
        "externalDNS: 'true'",  # KK112's
        "domain: lb.example.com",
    ],
)
def test_silent_with_an_address_or_without_external_dns(endpoint: str) -> None:
    """An address is written to /etc/hosts as it is; HAProxy's 127.0.0.1 takes the line's place."""
    assert found("KK115", config_text(endpoint)) == []


def test_silent_where_kk_leaves_etc_hosts_alone() -> None:
    """The very way round that the rule advises."""
    endpoint = "domain: lb.example.com\nexternalDNS: true"
    assert found("KK115", config_text(endpoint, more="system: {skipConfigureOS: true}\n")) == []
    for value in ("false", "null"):
        assert len(found("KK115", config_text(endpoint, more=f"system: {{skipConfigureOS: {value}}}\n"))) == 1


def test_a_planned_dns_name_comes_with_it() -> None:
    """The line is the block's where externalDNS is new."""
    text = config_text('address: ""')
    (finding,) = found_in_plan("KK115", text, "cloud-lb", dns_name="lb.example.com")
    assert finding.line == line_with(text, "controlPlaneEndpoint:")
    assert "lb.example.com" in finding.message.english
