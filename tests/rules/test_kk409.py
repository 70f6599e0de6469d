"""KK409: a port of the endpoint where nothing listens."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import findings, in_block, places

API = "    apiserver: {port: 7443}\n"


@pytest.mark.parametrize(
    ("config", "line"),
    [
        (in_block("type: haproxy\nport: 8443\n"), 8),
        (in_block("type: haproxy\nport: 06443\n"), 8),
        (in_block("type: haproxy\nport: https\n"), 8),
        (in_block("type: haproxy\nport: 70000\n"), 8),
        (in_block("type: haproxy\nport: 6443\n") + API, 8),
    ],
)
def test_haproxy(config: str, line: int) -> None:
    assert places(findings(config)) == [("KK409", "config.yaml", line)]


def test_the_default_has_the_same() -> None:
    found = {finding.id for finding in findings(in_block("type: local\nport: 8443\n"))}
    assert found == {"KK408", "KK409"}


@pytest.mark.parametrize("more", ["", API])
def test_kube_vip_serves_one_port(more: str) -> None:
    block = f"type: kube-vip\nport: {8443 if not more else 7443}\nkube_vip: {{address: 10.0.0.100}}\n"
    assert "KK409" in {finding.id for finding in findings(in_block(block) + more)}


@pytest.mark.parametrize(
    "config",
    [
        in_block('type: haproxy\nport: "6443"\n'),
        in_block("type: haproxy\n") + API,
        in_block("type: haproxy\nport: 7443\n") + API,
        in_block("host: 10.0.0.100\ntype: local\nport: 8443\n"),
        in_block("type: local\nport: 8443\nlocal: {address: 10.0.0.100}\n")
        + "    apiserver: {certSANs: [10.0.0.100]}\n",
    ],
)
def test_near_misses(config: str) -> None:
    assert findings(config) == []
