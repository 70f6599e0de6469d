"""KK110: kube-vip without an address has no VIP."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_in_plan, line_with


@pytest.mark.parametrize("address", ['address: ""', "address: null", "address:", "domain: lb.kubesphere.local"])
def test_kube_vip_without_an_address(address: str) -> None:
    """kk fills in the first control plane's own IP before it checks."""
    text = config_text(f"internalLoadbalancer: kube-vip\n{address}\nkubevip: {{mode: ARP}}")
    (finding,) = found("KK110", text)
    assert (finding.id, finding.severity) == ("KK110", Severity.ERROR)
    assert finding.line == line_with(text, "internalLoadbalancer: kube-vip")
    assert "the first control plane's own IP" in finding.message.english


def test_with_external_dns_kk_does_check() -> None:
    """Nothing is filled in then: "VIP address is empty" ends the install, and nothing else is to be said."""
    text = config_text('internalLoadbalancer: "kube-vip"\nexternalDNS: true\naddress: ""')
    (finding,) = found("KK110", text)
    assert "kk stops with an error" in finding.message.english
    assert found("KK115", text) == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "internalLoadbalancer: kube-vip\naddress: 172.16.0.100",
        'internalLoadbalancer: kube-vip\naddress: "fd00::100"',
        "internalLoadbalancer: kube-vip\naddress: 127.0.0.1",  # KK104's
        'internalLoadbalancer: haproxy\naddress: ""',
        'internalLoadbalancer: Kube-VIP\naddress: ""',  # KK111's
        'kubevip: {mode: ARP}\naddress: ""',
    ],
)
def test_silent_with_an_address_or_without_kube_vip(endpoint: str) -> None:
    """kubevip.mode alone switches nothing on."""
    assert found("KK110", config_text(endpoint)) == []


def test_the_modes_mend_it() -> None:
    """Each switches kube-vip off or HAProxy on."""
    text = config_text("internalLoadbalancer: kube-vip")
    assert found_in_plan("KK110", text, "internal-haproxy") == []
    assert found_in_plan("KK110", text, "cloud-lb", address="172.16.0.100") == []
