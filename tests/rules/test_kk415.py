"""KK415: an endpoint in the inventory that does not count."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import INVENTORY_TEXT, findings, places


def in_vars(block: str) -> str:
    return INVENTORY_TEXT.replace("spec:\n", f"spec:\n  vars: {{kubernetes: {{control_plane_endpoint: {block}}}}}\n")


def with_group_vars(group: str, block: str) -> str:
    own = f"vars: {{kubernetes: {{control_plane_endpoint: {block}}}}}, "
    return INVENTORY_TEXT.replace(f"    {group}: {{", f"    {group}: {{{own}")


def test_the_config_wins() -> None:
    assert places(findings(inventory=in_vars("{type: local}"))) == [("KK415", "inventory.yaml", 1)]
    found = findings(inventory=with_group_vars("kube_worker", "{haproxy: {address: 127.0.0.1}, type: local}"))
    assert places(found) == [("KK415", "inventory.yaml", 15)]
    assert "type" in found[0].message.english
    assert "haproxy.address" not in found[0].message.english


def test_a_host_with_its_own() -> None:
    own = "cp1: {kubernetes: {control_plane_endpoint: {type: local}},"
    found = findings(inventory=INVENTORY_TEXT.replace("cp1: {", own, 1))
    assert places(found) == [("KK415", "inventory.yaml", 7)]


def test_variables_of_groups_in_a_group() -> None:
    found = places(findings(inventory=with_group_vars("k8s_cluster", "{port: 6443}")))
    assert found == [("KK415", "inventory.yaml", 13)]


def test_nodes_that_see_different_endpoints() -> None:
    found = places(findings(inventory=with_group_vars("kube_worker", "{haproxy: {health_port: 8082}}")))
    assert found == [("KK415", "inventory.yaml", 10)] or found == [("KK415", "inventory.yaml", 7)]


@pytest.mark.parametrize("block", ["{type: haproxy}", "{host: api.example.com}"])
def test_near_misses(block: str) -> None:
    """The same in both, and what the config says nothing of."""
    assert findings(inventory=in_vars(block)) == []
