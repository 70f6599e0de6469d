"""KK129: control planes in both groups."""

from __future__ import annotations

from tests.rules.conftest import ROLES, config_text, found, line_with


def test_both_names() -> None:
    """kk merges them, master's first."""
    text = config_text(roles={**ROLES, "control-plane": ("master2", "master3"), "master": ("master1",)})
    (finding,) = found("KK129", text)
    assert finding.line == line_with(text, "    control-plane:")
    assert finding.message.english == "control planes in two groups: kk merges them into 3, starting with master1"


def test_silent_for_one_name_or_an_empty_group() -> None:
    """As a template leaves it."""
    assert found("KK129", config_text()) == []
    assert found("KK129", config_text(roles={**ROLES, "master": ()})) == []
