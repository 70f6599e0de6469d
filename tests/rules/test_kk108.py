"""KK108: fewer than three control planes do not survive the loss of one."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ROLES, config_text, found, line_with


@pytest.mark.parametrize("entries", [("master1",), ("master1", "master2"), ("master[1:2]",), ("master1", "master1")])
def test_one_or_two(entries: tuple[str, ...]) -> None:
    """Ranges are counted out, and each host once."""
    text = config_text(roles={**ROLES, "control-plane": entries})
    (finding,) = found("KK108", text)
    assert (finding.id, finding.severity) == ("KK108", Severity.WARNING)
    assert finding.line == line_with(text, "control-plane:")
    assert finding.message.english.startswith("two control planes:" if "2" in entries[-1] else "one control plane:")


@pytest.mark.parametrize("entries", [(), ("master[3:1]",)])
def test_none_is_an_error(entries: tuple[str, ...]) -> None:
    """kk stops; a range that counts down is empty."""
    (finding,) = found("KK108", config_text(roles={**ROLES, "control-plane": entries}))
    assert finding.severity is Severity.ERROR
    assert finding.message.english == "no control plane: kk stops with an error"
    assert finding.advice.english == "List the hosts under spec.roleGroups.control-plane"


def test_none_is_at_the_role_groups() -> None:
    """Where the missing one belongs."""
    text = config_text(roles={"etcd": ("master1",), "gpu": ("master1",)})
    assert found("KK108", text)[0].line == line_with(text, "roleGroups:")


def test_the_line_is_that_of_the_role_group() -> None:
    """Not that of a key in a document before it."""
    text = "---\nkind: ClusterConfiguration\ncontrol-plane: {}\n---\n" + config_text(
        roles={**ROLES, "control-plane": ("master1",)}
    )
    (finding,) = found("KK108", text)
    assert finding.line == line_with(text, "    control-plane:")


def test_both_group_names_are_counted() -> None:
    """`master` and `control-plane` are merged."""
    two = {**ROLES, "control-plane": ("master1",), "master": ("master2",)}
    three = {**ROLES, "control-plane": ("master[1:2]",), "master": ("master3", "master2")}
    assert found("KK108", config_text(roles=two))[0].message.english.startswith("two control planes:")
    assert found("KK108", config_text(roles=three)) == []


@pytest.mark.parametrize("entries", [("master[1:3]",), ('"master[01:03]"',)])
def test_silent_for_three(entries: tuple[str, ...]) -> None:
    """However they are named."""
    assert found("KK108", config_text(roles={**ROLES, "control-plane": entries})) == []


@pytest.mark.parametrize("entries", [("master1", "master2", "mastre3"), ("master[1-3]",), ("master[1:x]",), ("null",)])
def test_silent_where_kk_stops_at_an_entry(entries: tuple[str, ...]) -> None:
    """How many are meant is not known; KK114 names the entry."""
    text = config_text(roles={**ROLES, "control-plane": entries})
    assert found("KK108", text) == []
    assert len(found("KK114", text)) == 1


def test_the_words_fit_what_is_there() -> None:
    """No load balancer is spoken of: there may be none. Two with etcd on both are no better than one."""
    one = found("KK108", config_text('address: ""', roles={**ROLES, "control-plane": ("master1",)}))
    both = found("KK108", config_text(roles={**ROLES, "control-plane": ("master[1:2]",), "etcd": ("master[1:2]",)}))
    apart = found("KK108", config_text(roles={**ROLES, "control-plane": ("master[1:2]",)}))
    assert "load balancer" not in one[0].message.english
    assert "etcd stops" in both[0].message.english
    assert "etcd stops" not in apart[0].message.english
