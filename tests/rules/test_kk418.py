"""KK418: a cluster that no worker can be added to."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import INVENTORY_TEXT, findings, places

GROUPS = "{groups: [kube_control_plane, kube_worker]}"


@pytest.mark.parametrize(
    "cluster", ["{hosts: [cp1, cp2, cp3, w1, w2]}", "{groups: [kube_control_plane], hosts: [w1, w2]}"]
)
def test_hosts_in_the_cluster_itself(cluster: str) -> None:
    assert places(findings(inventory=INVENTORY_TEXT.replace(GROUPS, cluster))) == [("KK418", "inventory.yaml", 13)]


@pytest.mark.parametrize(
    "cluster",
    [
        "{groups: [kube_control_plane, kube_worker], hosts: [w1]}",
        "{groups: [nodes]}\n    nodes: {groups: [kube_control_plane, kube_worker]}",
    ],
)
def test_near_misses(cluster: str) -> None:
    assert findings(inventory=INVENTORY_TEXT.replace(GROUPS, cluster)) == []


def test_a_group_in_itself_ends() -> None:
    inventory = INVENTORY_TEXT.replace(GROUPS, "{groups: [k8s_cluster], hosts: [cp1]}")
    assert "KK418" not in {finding.id for finding in findings(inventory=inventory)}
