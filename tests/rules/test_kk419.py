"""KK419: an endpoint name that a shell executes."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import INVENTORY_TEXT, findings, in_block, places


@pytest.mark.parametrize("host", ["$(id)", "lb.$HOME", "'`id`'", "'a\\b'"])
@pytest.mark.parametrize("inventory", [INVENTORY_TEXT, None])
def test_what_a_shell_obeys(host: str, inventory: str | None) -> None:
    found = findings(in_block(f"host: {host}\ntype: haproxy\n"), inventory)
    assert ("KK419", "config.yaml", 7) in places(found)
    assert {finding.id for finding in found} <= {"KK419", "KK423"}


def test_in_the_inventory() -> None:
    inventory = INVENTORY_TEXT.replace(
        "spec:\n", 'spec:\n  vars: {kubernetes: {control_plane_endpoint: {host: "$(id)"}}}\n'
    )
    assert "KK419" in {finding.id for finding in findings(inventory=inventory)}


@pytest.mark.parametrize("host", ["lb.example.com", "10.0.0.100"])
def test_near_misses(host: str) -> None:
    assert findings(in_block(f"host: {host}\ntype: haproxy\n")) == []
