"""KK136: a role group that KubeKey does not know."""

from __future__ import annotations

import pytest

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
