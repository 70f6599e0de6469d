"""KK125: a domain that is no DNS name."""

from __future__ import annotations

import pytest

from kkplan.modes.question import domain_problem
from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_in_plan, line_with


@pytest.mark.parametrize(
    "domain",
    [
        "https://lb.example.com",
        "lb.example.com:6443",
        '"lb example"',
        "lb_1.example.com",
        '"*.example.com"',
        "-lb.local",
        "lb..local",
        "l" * 64,
        '"负载.local"',
    ],
)
def test_what_is_no_name(domain: str) -> None:
    """A scheme, a port, a blank, an underscore, an empty or long part."""
    text = config_text(f"domain: {domain}\naddress: 172.16.0.100")
    (finding,) = found("KK125", text)
    assert finding.severity is Severity.ERROR
    assert finding.line == line_with(text, "domain:")


@pytest.mark.parametrize(
    "domain", ["lb.kubesphere.local", "lb", "k8s-1.example.com", '""', "172.16.0.100", "fd00::100", "1lb.local"]
)
def test_silent_for_names_and_for_addresses(domain: str) -> None:
    """An address is KK120's; an empty domain is the default one."""
    assert found("KK125", config_text(f"domain: {domain}\naddress: 172.16.0.100")) == []


@pytest.mark.parametrize("domain", ["LB", "LB.Prod.Local"])
def test_capital_letters(domain: str) -> None:
    """kubeadm refuses them, and the flag does: both ask kkplan/cluster/names.py."""
    (finding,) = found("KK125", config_text(f"domain: {domain}\naddress: 172.16.0.100"))
    assert "capital letters" in finding.message.english
    assert finding.advice.english == f"Write {domain.lower()}"
    assert domain_problem(domain) is not None
    (planned,) = found_in_plan("KK125", config_text(f"domain: {domain}"), "internal-haproxy")
    assert planned.severity is Severity.ERROR


@pytest.mark.parametrize("domain", ["localhost", "10.0.0.300"])
def test_names_that_mean_an_address(domain: str) -> None:
    """The flag refuses them as well."""
    assert len(found("KK125", config_text(f"domain: {domain}\naddress: 172.16.0.100"))) == 1
    assert domain_problem(domain) is not None


@pytest.mark.parametrize(
    ("domain", "advice"),
    [
        ("https://lb.example.com", "Write lb.example.com"),
        ("lb.example.com:6443", "Write lb.example.com, and set the port with the key port"),
        ("https://lb.example.com:6443/", "Write lb.example.com, and set the port with the key port"),
        ("“lb.example.com”", "Write lb.example.com, without full-width characters"),
        ("lb。example。com", "Write lb.example.com, without full-width characters"),
        ("lb_1", "Use lower-case letters, digits and hyphens in parts separated by dots, e.g. lb.kubesphere.local"),
    ],
)
def test_the_name_that_is_meant(domain: str, advice: str) -> None:
    (finding,) = found("KK125", config_text(f"domain: {domain}\naddress: 172.16.0.100"))
    assert finding.advice.english == advice


def test_an_odd_space_within_the_name() -> None:
    """KK326 reports only those at its ends."""
    text = config_text("domain: lb\u00a0.example.com\naddress: 172.16.0.100")
    assert (len(found("KK125", text)), found("KK326", text)) == (1, [])
