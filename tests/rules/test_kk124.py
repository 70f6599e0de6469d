"""KK124: the certificates lose a domain or an address."""

from __future__ import annotations

import pytest

from tests.rules.conftest import NODES, config_text, found, found_in_plan, host, line_with


@pytest.mark.parametrize(
    ("endpoint", "name"),
    [
        ("domain: k8s.example.com\naddress: 172.16.0.99", "172.16.0.99"),
        ("domain: lb.kubesphere.local\naddress: fd00::99", "fd00::99"),
    ],
)
def test_an_address_that_the_plan_replaces(endpoint: str, name: str) -> None:
    """At its line in today's file."""
    text = config_text(endpoint)
    (finding,) = found_in_plan("KK124", text, "cloud-lb", address="172.16.0.100")
    assert finding.line == line_with(text, "address: " + name)
    assert f"will no longer contain {name}" in finding.message.english


def test_a_domain_that_the_plan_replaces() -> None:
    """The default one is nobody's in particular."""
    text = config_text("domain: k8s.example.com\naddress: 172.16.0.100")
    (finding,) = found_in_plan("KK124", text, "cloud-lb", address="172.16.0.100", domain="lb.example.com")
    assert finding.line == line_with(text, "domain: k8s.example.com")


@pytest.mark.parametrize(
    ("endpoint", "more"),
    [
        (None, ""),
        ('domain: lb.kubesphere.local\naddress: ""', ""),
        ("domain: k8s.example.com\naddress: 172.16.0.100", ""),
        ("address: 172.16.0.4", ""),
        ("address: 127.0.0.1", ""),
        ("address: 172.16.0.99", "kubernetes: {apiserverCertExtraSans: [172.16.0.99]}\n"),
    ],
)
def test_silent_for_what_the_certificates_hold(endpoint: str | None, more: str) -> None:
    """Kept, a host's own, or named besides."""
    assert found_in_plan("KK124", config_text(endpoint, more=more), "cloud-lb", address="172.16.0.100") == []


def test_silent_without_a_plan() -> None:
    """Nothing changes."""
    assert found("KK124", config_text("address: 172.16.0.99")) == []


def test_the_address_of_a_nat_gateway_stays_in_the_certificates() -> None:
    """It is where SSH reaches the hosts, and kk puts their addresses in."""
    hosts = [host(f"master{number}", "203.0.113.9", f"172.16.0.{number + 3}") for number in (1, 2, 3)]
    text = config_text("address: 203.0.113.9", hosts=(*hosts, *NODES))
    assert found_in_plan("KK124", text, "cloud-lb", address="172.16.0.100") == []
