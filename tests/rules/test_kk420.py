"""KK420: the image registry's VIP is in use."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import CONFIG_TEXT, findings, in_block, places


def test_a_host_has_it() -> None:
    config = CONFIG_TEXT + "  image_registry: {ha_vip: 10.0.0.14}\n"
    assert places(findings(config)) == [("KK420", "config.yaml", 8)]


@pytest.mark.parametrize(
    "block",
    [
        "type: local\nlocal: {address: 10.0.0.100}\n",
        "type: kube-vip\nkube_vip: {address: 10.0.0.100}\n",
        "host: 10.0.0.100\ntype: local\n",
    ],
)
def test_the_endpoint_has_it(block: str) -> None:
    config = in_block(block) + "  image_registry: {ha_vip: 10.0.0.100}\n"
    assert "KK420" in {finding.id for finding in findings(config)}


@pytest.mark.parametrize("vip", ["10.0.0.200", '""', ""])
def test_near_misses(vip: str) -> None:
    assert findings(f"{CONFIG_TEXT}  image_registry: {{ha_vip: {vip}}}\n") == []
