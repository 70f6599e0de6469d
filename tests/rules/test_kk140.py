"""KK140: a host listed twice in a role group."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ROLES, config_text, found, line_with


@pytest.mark.parametrize(
    ("entries", "hosts"),
    [
        (("node1", "node2", "node1"), "node1"),
        (('"node[1:2]"', "node2"), "node2"),
        (('"node[1:2]"', '"node[1:2]"'), "node1, node2"),
    ],
)
def test_by_name_or_by_a_range(entries: tuple[str, ...], hosts: str) -> None:
    text = config_text(roles={**ROLES, "worker": entries})
    (finding,) = found("KK140", text)
    assert finding.message.english.startswith(f"worker lists {hosts} twice")
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "worker:"))


def test_master_and_control_plane_are_one_group() -> None:
    """kk appends the one to the other."""
    text = config_text(roles={**ROLES, "master": ("master1", "node1")})
    (finding,) = found("KK140", text)
    assert finding.message.english.startswith("control-plane lists master1 twice")
    assert finding.line == line_with(text, "control-plane:")


def test_silent_for_a_host_of_several_groups() -> None:
    """Each role once."""
    roles = {**ROLES, "master": ("node1",), "worker": ("node1", "node2", "master1"), "registry": ("node1",)}
    assert found("KK140", config_text(roles=roles)) == []
