"""KK135: the endpoint's address is not an IP address."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, line_with


@pytest.mark.parametrize(
    "address", ["slb.example.com", "172.16.0.256", "172.16.0.100/24", "fe80::1%eth0", "172.16.0.100:6443"]
)
def test_what_is_no_ip(address: str) -> None:
    text = config_text(f'domain: lb.kubesphere.local\naddress: "{address}"\nport: 6443\n')
    (finding,) = found("KK135", text)
    assert finding.line == line_with(text, "address: " + f'"{address}"')


@pytest.mark.parametrize("address", ["172.16.0.100", "fd00::1", ""])
def test_silent_for_addresses_and_none(address: str) -> None:
    assert found("KK135", config_text(f'domain: lb.kubesphere.local\naddress: "{address}"\n')) == []


def test_silent_with_haproxy_which_has_a_rule_of_its_own() -> None:
    assert found("KK135", config_text("internalLoadbalancer: haproxy\naddress: slb.example.com\n")) == []


def test_the_name_of_a_load_balancer_in_both_keys() -> None:
    """Nodes skip the line in /etc/hosts and ask DNS, which knows this name; the default domain it does not know."""
    (same,) = found("KK135", config_text("domain: slb.example.com\naddress: slb.example.com"))
    (other,) = found("KK135", config_text("address: slb.example.com"))
    assert (same.severity, other.severity) == (Severity.WARNING, Severity.ERROR)


@pytest.mark.parametrize("address", ["“172.16.0.100”", "172。16。0。100", "１72.16.0.100"])
def test_what_a_chinese_input_method_types(address: str) -> None:
    (finding,) = found("KK135", config_text(f"address: {address}"))
    assert finding.advice.english == "Write 172.16.0.100, without full-width characters"
