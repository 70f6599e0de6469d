"""KK422: HAProxy's health port is taken."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import INVENTORY_TEXT, findings, in_block, places


@pytest.mark.parametrize("port", ["6443", "10250", "10249", "0", "http", "70000"])
def test_ports_that_are_taken(port: str) -> None:
    found = places(findings(in_block(f"type: haproxy\nhaproxy: {{health_port: {port}}}\n")))
    assert found == [("KK422", "config.yaml", 8)]


@pytest.mark.parametrize(
    "block",
    [
        "type: haproxy\nhaproxy: {health_port: 8082}\n",
        'type: haproxy\nhaproxy: {health_port: "8081"}\n',
        "host: 10.0.0.100\ntype: local\nhaproxy: {health_port: 10250}\n",
    ],
)
def test_near_misses(block: str) -> None:
    assert findings(in_block(block)) == []


def test_no_worker_has_haproxy() -> None:
    inventory = INVENTORY_TEXT.replace("[w1, w2]", "[cp1, cp2, cp3]")
    found = findings(in_block("type: haproxy\nhaproxy: {health_port: 10250}\n"), inventory)
    assert "KK422" not in {finding.id for finding in found}
