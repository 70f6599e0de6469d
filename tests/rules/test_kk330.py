"""KK330: several hosts in the group registry."""

from __future__ import annotations

from tests.rules.conftest import ROLES, config_text, found, line_with


def test_two_hosts() -> None:
    """By a range, too."""
    text = config_text(roles={**ROLES, "registry": ("node[1:2]",)})
    (finding,) = found("KK330", text)
    assert finding.line == line_with(text, "registry:")
    assert "nodes pull images only from node1" in finding.message.english


def test_silent_for_one_and_for_none() -> None:
    """Twice the same host is one."""
    assert found("KK330", config_text()) == []
    assert found("KK330", config_text(roles={**ROLES, "registry": ("node1", "node1")})) == []
