"""KK413: KubeKey 4's kube-vip with ipvs but without excludeCIDRs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Kkplan
from tests.rules.kubekey4 import INVENTORY_TEXT, findings, in_block, places

BLOCK = in_block("type: kube-vip\nkube_vip: {address: 10.0.0.100}\n") + "    apiserver: {certSANs: [10.0.0.100]}\n"


@pytest.mark.parametrize(
    "proxy",
    [
        "{mode: ipvs}",
        "{}",
        "{config: {ipvs: {excludeCIDRs: [10.0.1.0/24]}}}",
        "{config: {ipvs: {excludeCIDRs: [vip]}}}",
    ],
)
def test_the_default_is_ipvs(proxy: str) -> None:
    assert places(findings(f"{BLOCK}    kube_proxy: {proxy}\n")) == [("KK413", "config.yaml", 8)]


@pytest.mark.parametrize("proxy", ["{mode: iptables}", "{config: {ipvs: {excludeCIDRs: [10.0.0.0/24]}}}"])
def test_near_misses(proxy: str) -> None:
    assert findings(f"{BLOCK}    kube_proxy: {proxy}\n") == []


def test_a_plan_adds_it(kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(in_block("type: local\n"))
    (tmp_path / "inventory.yaml").write_text(INVENTORY_TEXT)
    done = kkplan("plan", "config.yaml", "--mode", "kube-vip", "--address", "10.0.0.100", "--format", "json")
    assert [one["id"] for one in json.loads(done.stdout)["findings"] if not one["fixed"]] == []


def test_without_an_inventory_an_ipv6_vip_is_named_as_a_network() -> None:
    text = in_block('type: kube-vip\nkube_vip: {address: "fd00:0:0:0:0:0:0:9"}\n')
    (finding,) = (finding for finding in findings(text, None) if finding.id == "KK413")
    assert "fd00:0:0:0:0:0:0:9/128" in finding.advice.english
