"""KK404: an endpoint at which no node can join."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings, in_block, places


@pytest.mark.parametrize("kind", ["kube_vip", "HAProxy", "Local", "external", '"haproxy "', "", "kubevip"])
def test_unknown_types(kind: str) -> None:
    found = findings(in_block(f"type: {kind}\n"))
    assert places(found) == [("KK404", "config.yaml", 7)]
    assert found[0].severity is Severity.ERROR


@pytest.mark.parametrize(("kind", "guess"), [("kube_vip", "kube-vip"), ("HAProxy", "haproxy"), ("loccal", "local")])
def test_a_guess(kind: str, guess: str) -> None:
    (found,) = findings(in_block(f"type: {kind}\n"))
    assert found.advice.english == f"Did you mean {guess}?"


@pytest.mark.parametrize(
    "block",
    [
        "host: lb example\ntype: haproxy\n",
        "host: '[lb]'\ntype: haproxy\n",
        "type: local\nlocal: {address: elb.example.com}\n",
    ],
)
def test_what_cannot_be_looked_up(block: str) -> None:
    assert "KK404" in {finding.id for finding in findings(in_block(block))}


@pytest.mark.parametrize("address", ["elb.example.com", "10.0.0.100:6443"])
def test_without_an_inventory(address: str) -> None:
    config = in_block(f"type: local\nlocal: {{address: '{address}'}}\n")
    assert ("KK404", "config.yaml", 8) in places(findings(config, None))
    silent = findings(in_block(f"type: haproxy\nlocal: {{address: '{address}'}}\n"), None)
    assert "KK404" not in {finding.id for finding in silent}


def test_one_node_has_nothing_to_join() -> None:
    inventory = INVENTORY_TEXT.partition("    cp2")[0] + (
        "  groups:\n    k8s_cluster: {hosts: [cp1]}\n    kube_control_plane: {hosts: [cp1]}\n    etcd: {hosts: [cp1]}\n"
    )
    found = [one for one in findings(in_block("type: none\n"), inventory) if one.id == "KK404"]
    assert [one.severity for one in found] == [Severity.WARNING]


@pytest.mark.parametrize("block", ["host: 10.0.0.100\ntype: haproxy\n", "host: api.example.com\ntype: haproxy\n"])
def test_near_misses(block: str) -> None:
    assert findings(in_block(block)) == []
    assert findings(CONFIG_TEXT) == []
