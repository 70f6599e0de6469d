"""KK411: an endpoint address that is not in the certificates."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import findings, in_block, places


@pytest.mark.parametrize(
    "block", ["type: local\nlocal: {address: 10.0.0.100}\n", "type: kube-vip\nkube_vip: {address: 10.0.0.100}\n"]
)
def test_kk_does_not_add_it(block: str) -> None:
    assert ("KK411", "config.yaml", 8) in places(findings(in_block(block)))
    others = in_block(block) + "    apiserver: {certSANs: [10.0.0.10, lb.example.com]}\n"
    assert ("KK411", "config.yaml", 8) in places(findings(others))


@pytest.mark.parametrize(
    "config",
    [
        in_block("type: local\nlocal: {address: 10.0.0.100}\n") + "    apiserver: {certSANs: [10.0.0.100]}\n",
        in_block("type: local\nlocal: {address: fd00::100}\n") + "    apiserver: {certSANs: ['fd00:0::100']}\n",
        in_block("host: 10.0.0.100\ntype: local\nlocal: {address: 10.0.0.100}\n"),
        in_block("type: haproxy\nlocal: {address: 10.0.0.100}\n"),
    ],
)
def test_near_misses(config: str) -> None:
    assert findings(config) == []
