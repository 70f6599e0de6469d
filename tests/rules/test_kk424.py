"""KK424: kube-vip's VIP outside the nodes' probable subnet."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings, places


def with_vip(vip: str, kind: str = "kube-vip") -> str:
    """A config that has the VIP and is right for it otherwise."""
    block = f"type: {kind}\n      kube_vip: {{address: {vip}}}"
    rest = f"    kube_proxy: {{mode: iptables}}\n    apiserver: {{certSANs: [{vip}]}}\n"
    return CONFIG_TEXT.replace("type: haproxy", block) + rest


@pytest.mark.parametrize("vip", ["10.0.9.100", "10.0.1.1"])
def test_a_vip_off_the_nodes_subnet(vip: str) -> None:
    found = findings(with_vip(vip))
    assert places(found) == [("KK424", "config.yaml", 8)]
    assert found[0].severity is Severity.WARNING
    assert f"{vip} is not in the nodes' probable subnet 10.0.0.0/24" in found[0].message.english


def test_a_vip_that_ends_the_install_is_reported_once() -> None:
    assert {finding.id for finding in findings(with_vip("192.168.9.9"))} == {"KK403"}


@pytest.mark.parametrize(
    ("config", "inventory"),
    [
        (with_vip("10.0.0.100"), INVENTORY_TEXT),
        (with_vip("10.0.9.100", "haproxy"), INVENTORY_TEXT),
        # The nodes themselves show that the subnet is larger.
        (with_vip("10.0.2.100"), INVENTORY_TEXT.replace("10.0.0.15", "10.0.3.15")),
        # Nodes in several networks: where the VIP has to be is unknown.
        (with_vip("10.0.9.100"), INVENTORY_TEXT.replace("10.0.0.15", "10.9.0.15")),
    ],
)
def test_near_misses(config: str, inventory: str) -> None:
    assert "KK424" not in {finding.id for finding in findings(config, inventory)}
