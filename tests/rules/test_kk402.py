"""KK402: kk stops in its precheck."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings, in_block, places


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("etcd: {hosts: [cp1, cp2, cp3]}", "etcd: {hosts: []}", 16),
        ("kube_control_plane: {hosts: [cp1, cp2, cp3]}", "kube_control_plane: {hosts: [cp1, cp2, ghost]}", 14),
        (", internal_ipv4: 10.0.0.14", "", 10),
        ("w1", "W1", 10),
    ],
)
def test_the_inventory(old: str, new: str, line: int) -> None:
    assert ("KK402", "inventory.yaml", line) in places(findings(inventory=INVENTORY_TEXT.replace(old, new)))


@pytest.mark.parametrize(
    ("config", "line"),
    [
        (CONFIG_TEXT.replace("v1.33.4", "v1.35.0"), 5),
        (CONFIG_TEXT.replace("v1.33.4", "1.33.4"), 5),
        (in_block("type: true\n"), 7),
        (in_block("type: kube-vip\n"), 6),
        (in_block("type: kube-vip\nkube_vip:\n"), 8),
        (in_block("type: kube-vip\nkube_vip: {address: 10.0.0.12}\n"), 8),
        (in_block("type: kube-vip\nkube_vip: {address: 10.0.0.100.1}\n"), 8),
        (CONFIG_TEXT.partition("    control")[0] + "    control_plane_endpoint:\n", 6),
        (CONFIG_TEXT + "  native: {localDNS: /etc/hosts}\n", 8),
        (CONFIG_TEXT + "  etcd: {deployment_type: kubekey}\n", 8),
    ],
)
def test_the_config(config: str, line: int) -> None:
    assert places(findings(config)) == [("KK402", "config.yaml", line)]


def test_the_block_in_the_inventory_counts() -> None:
    """The config's word is above it."""
    own = INVENTORY_TEXT.replace("spec:\n", "spec:\n  vars: {kubernetes: {control_plane_endpoint: {type: true}}}\n")
    assert [finding.id for finding in findings(inventory=own)] == ["KK415"]
    assert [finding.id for finding in findings(CONFIG_TEXT.replace("type: haproxy", "port: 6443"), own)] == ["KK402"]


def test_a_right_vip_is_silent() -> None:
    config = in_block("type: kube-vip\nkube_vip: {address: 10.0.0.100}\n")
    assert findings(f"{config}    apiserver: {{certSANs: [10.0.0.100]}}\n    kube_proxy: {{mode: iptables}}\n") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("etcd: {hosts: [cp1, cp2, cp3]}", "etcd: {hosts: [cp1, cp2]}"),
        ("etcd: {hosts: [cp1, cp2, cp3]}", "etcd: {hosts: []}"),
        ("kube_control_plane: {hosts: [cp1, cp2, cp3]}", "kube_control_plane: {hosts: []}"),
        (", internal_ipv4: 10.0.0.14", ""),
        (", internal_ipv4: 10.0.0.13", ""),
        ("w1", "W_1"),
    ],
)
def test_it_is_said_once(old: str, new: str) -> None:
    """The rules for any KubeKey see the same and know less of what kk does."""
    found = findings(inventory=INVENTORY_TEXT.replace(old, new))
    assert {finding.id for finding in found} == {"KK402"}
    assert len({finding.place for finding in found}) == len(found)
