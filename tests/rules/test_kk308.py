"""KK308: settings of kube-proxy that K3s and K8e do not get."""

from __future__ import annotations

import pytest

from tests.rules.conftest import config_text, found, line_with


@pytest.mark.parametrize("kind", ["k3s", "k8e"])
@pytest.mark.parametrize(
    "setting", ["proxyMode: iptables", "disableKubeProxy: true", "kubeProxyConfiguration: {mode: iptables}"]
)
def test_what_kk_ignores(setting: str, kind: str) -> None:
    text = config_text(more=f"kubernetes:\n  type: {kind}\n  {setting}\n")
    (finding,) = found("KK308", text)
    assert finding.line == line_with(text, setting)
    assert found("KK308", text.replace(f"type: {kind}", "type: kubernetes")) == []


@pytest.mark.parametrize("setting", ["proxyMode: ipvs", "disableKubeProxy: false", "kubeProxyArgs: [v=2]"])
def test_silent_for_what_it_gets_anyway(setting: str) -> None:
    assert found("KK308", config_text(more=f"kubernetes:\n  type: k3s\n  {setting}\n")) == []
