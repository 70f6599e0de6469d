"""KK132: K3s or K8e with internal HAProxy."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found


@pytest.mark.parametrize("kubernetes", ["{version: v1.26.5, type: k3s}", "{version: v1.26.5-k3s}"])
def test_k3s(kubernetes: str) -> None:
    """By its type or in its version, as kk splits it."""
    more = f"kubernetes: {kubernetes}\n"
    (finding,) = found("KK132", config_text("internalLoadbalancer: haproxy", more=more))
    assert "--server=https://127.0.0.1:%s" in finding.message.english
    assert found("KK132", config_text("address: 172.16.0.100", more=more)) == []


@pytest.mark.parametrize("kubernetes", ["{version: v1.21.5, type: k8e}", "{version: v1.21.5-k8e, type: k3s}"])
def test_k8e(kubernetes: str) -> None:
    """The version's suffix wins over the type, as in kk."""
    (finding,) = found("KK132", config_text("internalLoadbalancer: haproxy", more=f"kubernetes: {kubernetes}\n"))
    assert finding.message.english.startswith("K8e")
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    "kubernetes", ["{version: v1.26.5}", "{version: v1.26.5, type: kubernetes}", "{version: v1.26.5-k8s}"]
)
def test_silent_for_kubernetes(kubernetes: str) -> None:
    """k8s is the suffix of releases with a special support."""
    assert found("KK132", config_text("internalLoadbalancer: haproxy", more=f"kubernetes: {kubernetes}\n")) == []
