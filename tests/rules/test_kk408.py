"""KK408: several control planes without a load balancer."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings, in_block, places


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("type: local\n", 6),
        ("host: 10.0.0.11\ntype: haproxy\n", 7),
        ("host: cp1\ntype: haproxy\n", 7),
        ("host: 10.0.0.11\ntype: haproxy\nlocal: {address: 10.0.0.100}\n", 7),
        ("type: local\nlocal: {address: 10.0.0.12}\n", 8),
    ],
)
def test_one_control_plane_for_all(block: str, line: int) -> None:
    assert places(findings(in_block(block))) == [("KK408", "config.yaml", line)]


def test_the_default() -> None:
    top = CONFIG_TEXT.partition("    control")[0]
    assert places(findings(top)) == [("KK408", "config.yaml", 4)]


def test_the_init_node_is_named_where_it_is_certain() -> None:
    (drawn,) = findings(in_block("type: local\n"))
    (pinned,) = findings(in_block("type: local\n") + "  init_kubernetes_node: cp3\n")
    assert "(cp1, cp2, at random)" in drawn.message.english
    assert "all workers use the node that initialises the cluster (cp3, 10.0.0.13)" in pinned.message.english


@pytest.mark.parametrize("block", ["type: haproxy\n", "host: 10.0.0.100\ntype: local\n"])
def test_near_misses(block: str) -> None:
    assert findings(in_block(block)) == []


def test_roles_that_are_unknown() -> None:
    assert {finding.id for finding in findings(in_block("type: local\n"), None)} == {"KK423"}


def test_one_control_plane_needs_no_load_balancer() -> None:
    one = INVENTORY_TEXT.replace("hosts: [cp1, cp2, cp3]", "hosts: [cp1]")
    assert "KK408" not in {finding.id for finding in findings(in_block("type: local\n"), one)}
