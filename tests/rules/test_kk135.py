"""KK135: the endpoint's address is not an IP address."""

from __future__ import annotations

import pytest

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
