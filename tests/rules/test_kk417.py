"""KK417: type haproxy without a dedicated worker."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import INVENTORY_TEXT, findings, in_block, places


def test_every_worker_is_a_control_plane() -> None:
    for workers in ("[cp1, cp2, cp3]", "[cp1]", "[]"):
        inventory = INVENTORY_TEXT.replace("[w1, w2]", workers)
        assert places(findings(inventory=inventory)) == [("KK417", "config.yaml", 6)]


@pytest.mark.parametrize("workers", ["[w1]", "[cp1, w1]"])
def test_near_misses(workers: str) -> None:
    assert findings(inventory=INVENTORY_TEXT.replace("[w1, w2]", workers)) == []


def test_roles_that_are_unknown() -> None:
    assert {finding.id for finding in findings(in_block("type: haproxy\n"), None)} == {"KK423"}
