"""KK403: a task of the install fails."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings, in_block, places


@pytest.mark.parametrize(
    ("config", "line"),
    [
        (CONFIG_TEXT + "    apiserver: {certSANs: 10.0.0.100}\n", 8),
        (CONFIG_TEXT + "    apiserver:\n", 8),
        (CONFIG_TEXT + "  etcd:\n", 8),
        (CONFIG_TEXT + "  init_kubernetes_node: ghost\n", 8),
        (in_block("type: haproxy\nhaproxy:\n"), 8),
        (in_block("type: local\nlocal:\n"), 8),
        (in_block("type: kube-vip\nkube_vip: {address: 192.168.9.9}\n"), 8),
        (in_block("type: kube-vip\nkube_vip: {address: 10.0.0.100, mode: arp}\n"), 8),
    ],
)
def test_what_no_precheck_sees(config: str, line: int) -> None:
    assert places(findings(config)) == [("KK403", "config.yaml", line)]


def test_control_planes_with_ipv6_only() -> None:
    inventory = INVENTORY_TEXT.replace("internal_ipv4: 10.0.0.1", "internal_ipv6: fd00::1")
    assert ("KK403", "inventory.yaml", 7) in places(findings(inventory=inventory))


@pytest.mark.parametrize(
    "config",
    [
        in_block("type: haproxy\nlocal:\nkube_vip:\n"),  # of other types, which nobody reads
        CONFIG_TEXT + "    apiserver: {certSANs: }\n",
        CONFIG_TEXT + "  init_kubernetes_node: cp3\n",
    ],
)
def test_near_misses(config: str) -> None:
    assert findings(config) == []
