"""KK142: the endpoint's address is of a family that a host has."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found

EXTERNAL = "domain: lb.kubesphere.local\naddress: {}\nport: 6443"


def test_an_ipv6_address_before_ipv4_hosts() -> None:
    """Named with its line, as a warning: the nodes may have addresses that the file does not tell."""
    (finding,) = found("KK142", config_text(EXTERNAL.format("fd00::100")))
    assert (finding.severity, finding.line > 0) == (Severity.WARNING, True)
    assert "fd00::100 is IPv6" in finding.message.english
    assert "IPv4" in finding.advice.english


@pytest.mark.parametrize(
    "endpoint",
    [
        EXTERNAL.format("172.16.0.100"),
        EXTERNAL.format('""'),
        EXTERNAL.format("lb.example.com"),
        "internalLoadbalancer: haproxy\n" + EXTERNAL.format("fd00::100"),
    ],
)
def test_silent_otherwise(endpoint: str) -> None:
    """Of the hosts' family, none, a name, or one that kk does not use."""
    assert found("KK142", config_text(endpoint)) == []


def test_silent_where_hosts_have_both_families() -> None:
    """`internalAddress: IPv4,IPv6`."""
    text = config_text(EXTERNAL.format("fd00::100")).replace(
        "internalAddress: 172.16.0.4", "internalAddress: '172.16.0.4,fd00::4'"
    )
    assert "fd00::4" in text
    assert found("KK142", text) == []
