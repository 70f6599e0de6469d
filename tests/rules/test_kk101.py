"""KK101: KubeKey's HAProxy and an address exclude each other; kk then exits with 0 and installs nothing."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, line_with


def test_haproxy_with_an_address() -> None:
    """The line is the address's: the one to empty."""
    text = config_text('internalLoadbalancer: haproxy\naddress: "172.16.0.100"\nport: 6443')
    (finding,) = found("KK101", text)
    assert (finding.id, finding.severity) == ("KK101", Severity.ERROR)
    assert finding.line == line_with(text, 'address: "172.16.0.100"')
    assert "exits with status 0" in finding.message.english
    assert "172.16.0.100" in finding.message.english


def test_any_address_counts_even_one_that_is_no_ip_or_the_loopback() -> None:
    """kk compares with the empty text only."""
    assert found("KK101", config_text("internalLoadbalancer: haproxy\naddress: lb.example.com"))
    assert found("KK101", config_text("internalLoadbalancer: 'haproxy'\naddress: 127.0.0.1"))


def test_keys_are_found_in_any_case_and_in_flow_style() -> None:
    """As Go's encoding/json matches them."""
    text = config_text('{InternalLoadBalancer: "haproxy", Address: 172.16.0.100}')
    (finding,) = found("KK101", text)
    assert finding.line == line_with(text, "Address: 172.16.0.100}")


@pytest.mark.parametrize(
    "endpoint",
    [
        'internalLoadbalancer: haproxy\naddress: ""',
        "internalLoadbalancer: haproxy\naddress: ''",
        "internalLoadbalancer: haproxy\naddress: null",
        "internalLoadbalancer: haproxy\naddress:",
        "internalLoadbalancer: haproxy",
        "# internalLoadbalancer: haproxy\naddress: 172.16.0.100",
        'internalLoadbalancer: ""\naddress: 172.16.0.100',
        "internalLoadbalancer: kube-vip\naddress: 172.16.0.100",
        "internalLoadbalancer: HAProxy\naddress: 172.16.0.100",
    ],
)
def test_silent_without_the_one_or_the_other(endpoint: str) -> None:
    """A null or empty address is none; a name in other letters is no haproxy to kk."""
    assert found("KK101", config_text(endpoint)) == []
