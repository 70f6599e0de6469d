"""KK416: a null that deletes a default."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import CONFIG_TEXT, findings, in_block, places


@pytest.mark.parametrize(
    ("config", "line"),
    [
        (in_block("type: haproxy\nhaproxy: {health_port: }\n"), 8),
        (CONFIG_TEXT + "    cluster_name:\n", 8),
        (CONFIG_TEXT + "  cni:\n    pod_cidr: ~\n", 9),
        (CONFIG_TEXT + "  dns: {domain: null}\n", 8),
    ],
)
def test_defaults_that_go(config: str, line: int) -> None:
    assert places(findings(config)) == [("KK416", "config.yaml", line)]


@pytest.mark.parametrize(
    "config",
    [
        in_block("type: haproxy\nkube_vip: {mode: }\n"),  # of another type
        CONFIG_TEXT + "    apiserver: {certSANs: }\n",  # empty by default
        CONFIG_TEXT + "  image_registry: {ha_vip: }\n",
        CONFIG_TEXT + "  cri: {registry: {auths: }}\n",
    ],
)
def test_near_misses(config: str) -> None:
    assert findings(config) == []


@pytest.mark.parametrize("key", ["type", "host", "port"])
def test_what_other_rules_report(key: str) -> None:
    assert "KK416" not in {finding.id for finding in findings(in_block(f"type: haproxy\n{key}:\n"))}
