"""KK412: kube-vip in BGP mode."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import findings, in_block, places

OTHERS = "    apiserver: {certSANs: [10.0.0.100]}\n    kube_proxy: {mode: iptables}\n"


def test_bgp() -> None:
    config = in_block("type: kube-vip\nkube_vip: {address: 10.0.0.100, mode: BGP}\n") + OTHERS
    assert places(findings(config)) == [("KK412", "config.yaml", 8)]


@pytest.mark.parametrize(
    "block",
    [
        "type: kube-vip\nkube_vip: {address: 10.0.0.100, mode: ARP}\n",
        "type: kube-vip\nkube_vip: {address: 10.0.0.100}\n",
        "type: haproxy\nkube_vip: {address: 10.0.0.100, mode: BGP}\n",
    ],
)
def test_near_misses(block: str) -> None:
    assert findings(in_block(block) + OTHERS) == []
