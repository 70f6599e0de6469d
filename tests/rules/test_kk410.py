"""KK410: KubeKey's HAProxy listens on another address than 127.0.0.1."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import INVENTORY_TEXT, findings, in_block, places


@pytest.mark.parametrize("address", ["127.0.0.2", "10.0.0.100", ""])
def test_other_addresses(address: str) -> None:
    found = places(findings(in_block(f"type: haproxy\nhaproxy: {{address: {address}}}\n")))
    assert found == [("KK410", "config.yaml", 8)]


@pytest.mark.parametrize(
    "block",
    [
        "type: haproxy\nhaproxy: {address: 0.0.0.0}\n",
        "type: haproxy\nhaproxy: {health_port: 8082}\n",
        "host: 10.0.0.100\ntype: local\nhaproxy: {address: 127.0.0.2}\n",
    ],
)
def test_near_misses(block: str) -> None:
    assert findings(in_block(block)) == []


def test_no_worker_has_haproxy() -> None:
    inventory = INVENTORY_TEXT.replace("hosts: [w1, w2]", "hosts: [cp1, cp2, cp3]")
    found = findings(in_block("type: haproxy\nhaproxy: {address: 127.0.0.2}\n"), inventory)
    assert "KK410" not in {finding.id for finding in found}
