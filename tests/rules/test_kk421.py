"""KK421: an IPv6 address as the endpoint's host."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import findings, in_block, places


@pytest.mark.parametrize("host", ["fd00::100", '"fd00::1:2"'])
def test_without_brackets(host: str) -> None:
    assert places(findings(in_block(f"host: {host}\ntype: local\n"))) == [("KK421", "config.yaml", 7)]


@pytest.mark.parametrize("host", ["10.0.0.100", "lb.example.com"])
def test_near_misses(host: str) -> None:
    assert findings(in_block(f"host: {host}\ntype: haproxy\n")) == []
