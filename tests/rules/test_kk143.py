"""KK143: kube-vip with Kubernetes 1.29 or later."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, judged_in_plan, line_with

KUBE_VIP = "internalLoadbalancer: kube-vip\naddress: 172.16.0.100"


@pytest.mark.parametrize("version", ["v1.29.0", "1.30.6", '"v1.33.4"', "v1.29.7-kubernetes"])
def test_versions_whose_admin_conf_has_no_rights(version: str) -> None:
    text = config_text(KUBE_VIP, more=f"kubernetes:\n  version: {version}\n")
    (finding,) = found("KK143", text)
    assert finding.severity is Severity.ERROR
    assert finding.line == line_with(text, "internalLoadbalancer:")


@pytest.mark.parametrize("version", ["v1.28.15", "v1.30.6-k3s", "", "v1.30", "null"])
def test_silent_for_older_ones_and_for_k3s(version: str) -> None:
    """Without a version, or with one that is none, kk installs v1.23.17."""
    assert found("KK143", config_text(KUBE_VIP, more=f"kubernetes:\n  version: {version}\n")) == []
    assert found("KK143", config_text(more="kubernetes:\n  version: v1.30.6\n")) == []


def test_a_plan_fixes_it() -> None:
    """No mode uses KubeKey's kube-vip."""
    text = config_text(KUBE_VIP, more="kubernetes:\n  version: v1.30.6\n")
    assert "KK143" not in [finding.id for finding in judged_in_plan(text, "internal-haproxy")]
