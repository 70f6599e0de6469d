"""KK136: an unknown role group."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ROLES, config_text, found, line_with


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("workers", "worker"),
        ("Worker", "worker"),
        ("nodes", "worker"),
        ("control_plane", "control-plane"),
        ("masters", "master"),
    ],
)
def test_the_group_that_was_meant_is_told(name: str, guess: str) -> None:
    text = config_text(roles={**ROLES, name: ("node2",)})
    (finding,) = found("KK136", text)
    assert finding.line == line_with(text, f" {name}:")
    assert str(finding.advice) == f"Did you mean {guess}?"


def test_others_are_told_all() -> None:
    (finding,) = found("KK136", config_text(roles={**ROLES, "gpu": ("node2",)}))
    assert "registry" in str(finding.advice)


def test_silent_for_kubekeys_own() -> None:
    assert found("KK136", config_text(roles={**ROLES, "registry": ("node2",)})) == []


def test_hosts_of_k8s_join_the_cluster() -> None:
    """kk gives them the role of a node; but with internal HAProxy they are sent to one that is not there."""
    roles = {**ROLES, "worker": ("node1",), "k8s": ("node2", "master1")}
    assert found("KK136", config_text(roles=roles)) == []
    (finding,) = found("KK136", config_text("internalLoadbalancer: haproxy", roles=roles))
    assert finding.severity is Severity.ERROR
    assert "node2 only in role group k8s" in finding.message.english
    workers_too = {**ROLES, "k8s": ("node2",)}
    assert found("KK136", config_text("internalLoadbalancer: haproxy", roles=workers_too)) == []
