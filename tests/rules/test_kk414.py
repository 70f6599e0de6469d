"""KK414: a key or a group that kk 4 silently ignores."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kubekey4.test_generated_configs import GENERATED
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings, in_block


def said(config: str = CONFIG_TEXT, inventory: str = INVENTORY_TEXT) -> list[tuple[str, int, str]]:
    found = [one for one in findings(config, inventory) if one.id == "KK414"]
    return [(one.file, one.line, one.advice.english) for one in found]


@pytest.mark.parametrize(
    ("block", "line", "guess"),
    [
        ("type: haproxy\nHost: lb.example.com\n", 8, "host"),
        ("type: haproxy\naddress: 10.0.0.100\n", 8, "local.address"),
        ("type: haproxy\ninternalLoadbalancer: haproxy\n", 8, "type"),
        ("type: haproxy\nkube-vip: {address: 10.0.0.100}\n", 8, "kube_vip"),
        ("type: haproxy\nlocal: {adress: 10.0.0.100}\n", 8, "address"),
        ("type: haproxy\nhaproxy: {image: {tags: 2.9.6}}\n", 8, "tag"),
    ],
)
def test_the_block(block: str, line: int, guess: str) -> None:
    assert said(in_block(block)) == [("config.yaml", line, f"Did you mean {guess}?")]


def test_any_other_key_of_the_block() -> None:
    assert said(in_block("type: haproxy\nxyz: 1\n")) == [
        ("config.yaml", 8, "Known keys: host, port, type, local, kube_vip, haproxy")
    ]


@pytest.mark.parametrize(
    ("more", "guess"),
    [
        ("  controlPlaneEndpoint: {domain: lb.example.com}\n", "kubernetes.control_plane_endpoint"),
        ("  Etcd: {deployment_type: internal}\n", "etcd"),
        ("  native: {localDns: []}\n", "localDNS"),
        ("  etcd: {deploymentType: internal}\n", "deployment_type"),
    ],
)
def test_the_rest_of_the_config(more: str, guess: str) -> None:
    assert [advice for _, _, advice in said(CONFIG_TEXT + more)] == [f"Did you mean {guess}?"]


@pytest.mark.parametrize(
    ("old", "new", "line", "guess"),
    [
        ("internal_ipv4: 10.0.0.14", "internal_ipv4: 10.0.0.14, internalAddress: 10.0.0.14", 10, "internal_ipv4"),
        ("{connector: {host: 10.0.0.14}", "{connector: {adress: 10.0.0.14, address: 10.0.0.14}", 10, "host"),
        ("{hosts: [w1, w2]}", "{hosts: [w1, w2], host: [w2]}", 15, "hosts"),
        ("    etcd:", "    worker: {hosts: [w2]}\n    etcd:", 16, "kube_worker"),
        ("    etcd:", "    kube_workers: {hosts: [w2]}\n    etcd:", 16, "kube_worker"),
    ],
)
def test_the_inventory(old: str, new: str, line: int, guess: str) -> None:
    assert ("inventory.yaml", line, f"Did you mean {guess}?") in said(inventory=INVENTORY_TEXT.replace(old, new))


@pytest.mark.parametrize("generated", GENERATED, ids=lambda path: path.stem)
def test_generated_configs(generated: Path) -> None:
    assert said(generated.read_text()) == []


@pytest.mark.parametrize(
    ("config", "inventory"),
    [
        (CONFIG_TEXT + "  my_own: {host: 1}\n", INVENTORY_TEXT),
        (CONFIG_TEXT + "    apiserver: {extra_args: {any: thing}}\n", INVENTORY_TEXT),
        (in_block("type: haproxy\nkube_vip: {env: {lb_port: '6443'}}\n"), INVENTORY_TEXT),
        (CONFIG_TEXT, INVENTORY_TEXT.replace("internal_ipv4: 10.0.0.14", "internal_ipv4: 10.0.0.14, rack: r1")),
        (CONFIG_TEXT, INVENTORY_TEXT.replace("  hosts:", "  Hosts:", 1)),
        (
            CONFIG_TEXT,
            INVENTORY_TEXT.replace(
                "[kube_control_plane, kube_worker]", "[kube_control_plane, kube_worker, kube_workers]"
            )
            + "    kube_workers: {hosts: []}\n",
        ),
        (CONFIG_TEXT, INVENTORY_TEXT + "    monitoring: {hosts: [w1]}\n"),
    ],
)
def test_near_misses(config: str, inventory: str) -> None:
    assert said(config, inventory) == []


def test_a_password_in_flow_style_is_not_quoted() -> None:
    inventory = INVENTORY_TEXT.replace("{host: 10.0.0.14}", "{host: 10.0.0.14, password: ab,Secretpart}")
    found = [one for one in findings(inventory=inventory) if one.id == "KK414"]
    assert len(found) == 1
    assert "Secretpart" not in str(found[0].message)
