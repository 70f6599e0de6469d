"""KK147: settings of kube-vip that cannot work."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, line_with

KUBE_VIP = "internalLoadbalancer: kube-vip\naddress: 172.16.0.100\n"


def test_bgp_has_no_router() -> None:
    text = config_text(f"{KUBE_VIP}kubevip:\n  mode: BGP")
    (finding,) = found("KK147", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "mode:"))


@pytest.mark.parametrize("mode", ["bgp", "Arp", "L2"])
def test_other_letters_are_arp(mode: str) -> None:
    (finding,) = found("KK147", config_text(f"{KUBE_VIP}kubevip: {{mode: {mode}}}"))
    assert finding.severity is Severity.WARNING
    assert "uses ARP" in finding.message.english


def test_an_ipv6_vip() -> None:
    (finding,) = found("KK147", config_text('internalLoadbalancer: kube-vip\naddress: "fd00::100"'))
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize("endpoint", [KUBE_VIP, f"{KUBE_VIP}kubevip: {{mode: ARP}}", "kubevip: {mode: BGP}"])
def test_silent_for_arp_and_without_kube_vip(endpoint: str) -> None:
    assert found("KK147", config_text(endpoint)) == []
