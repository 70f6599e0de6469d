"""KK151: a Kubernetes version that KubeKey 3.1.12 cannot install."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_in_plan, line_with


@pytest.mark.parametrize(
    ("kubernetes", "such_as"),
    [
        ("{version: v1.26.99}", "v1.26.15"),
        ("{version: v1.34.0}", "v1.33.4"),
        ("{version: v1.26.5.}", "v1.26.15"),
        ("{version: 1.29.13}", "v1.29.15"),
        ("{version: v1.26.5-k3s}", "v1.24.7"),
        ("{version: v1.21.5, type: k8e}", "v1.21.14"),
        ("{version: v1.99.0, type: rke2}", "v1.33.4"),
    ],
)
def test_a_version_without_binaries(kubernetes: str, such_as: str) -> None:
    text = config_text(more=f"kubernetes: {kubernetes}\n")
    (finding,) = found("KK151", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "kubernetes: {"))
    assert such_as in finding.advice.english
    assert len(found_in_plan("KK151", text, "cloud-lb", address="172.16.0.100")) == 1


@pytest.mark.parametrize(
    "kubernetes",
    [
        "{version: v1.33.4}",
        "{version: 1.19.0}",
        "{version: v1.24.7-k3s}",
        "{version: v1.25.5, type: k8e}",
        "{}",
        "{version: v1.26}",
    ],
)
def test_silent_for_what_kk_installs(kubernetes: str) -> None:
    """What kk does not read at all is KK303's."""
    assert found("KK151", config_text(more=f"kubernetes: {kubernetes}\n")) == []
