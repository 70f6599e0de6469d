"""KK109: an even number of etcd members, or none."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, ROLES, config_text, found, host, line_with


def test_two_members_survive_nothing() -> None:
    """As one would."""
    text = config_text(roles={**ROLES, "etcd": ("master1", "master2")})
    (finding,) = found("KK109", text)
    assert (finding.id, finding.severity) == ("KK109", Severity.WARNING)
    assert finding.line == line_with(text, "etcd:")
    assert finding.message.english == "2 etcd members survive the loss of 0, the same as 1"


def test_four_members_by_a_range_survive_one() -> None:
    """As three would."""
    hosts = (*MASTERS, host("master4", "172.16.0.9"), *NODES)
    (finding,) = found("KK109", config_text(hosts=hosts, roles={**ROLES, "etcd": ("master[1:4]",)}))
    assert finding.message.english == "4 etcd members survive the loss of 1, the same as 3"


@pytest.mark.parametrize("more", ["", "etcd: {type: kubekey}\n", "etcd: {type: null}\n", "etcd:\n"])
def test_none_is_an_error_where_kubekey_installs_it(more: str) -> None:
    """kubekey is the default type."""
    for roles in ({**ROLES, "etcd": ()}, {name: ROLES[name] for name in ("control-plane", "worker")}):
        (finding,) = found("KK109", config_text(roles=roles, more=more))
        assert finding.severity is Severity.ERROR
        assert finding.message.english == "no etcd member: kk stops with an error"


@pytest.mark.parametrize("kind", ["external", "kubeadm", '"kubeadm"'])
def test_silent_without_members_of_another_type(kind: str) -> None:
    """kk looks for them with its own type only."""
    roles = {name: ROLES[name] for name in ("control-plane", "worker")}
    assert found("KK109", config_text(roles=roles, more=f"etcd: {{type: {kind}}}\n")) == []


def test_kubeadm_puts_etcd_on_the_control_planes() -> None:
    """Their number counts, not the group's."""
    more = "etcd: {type: kubeadm}\n"
    assert found("KK109", config_text(roles={**ROLES, "etcd": ("master1", "master2")}, more=more)) == []
    even = {"master": ("master1",), "control-plane": ("master2",), "worker": ("node1",)}
    assert found("KK109", config_text(roles=even, more=more))[0].message.english.startswith("2 etcd members")


@pytest.mark.parametrize("entries", [("master1",), ("master[1:3]",), ("master1", "master2", "node1", "master1")])
def test_silent_for_odd_numbers(entries: tuple[str, ...]) -> None:
    """Each host once."""
    assert found("KK109", config_text(roles={**ROLES, "etcd": entries})) == []


@pytest.mark.parametrize("entries", [("master1", "master2", "mastre3"), ("master[1-3]",)])
def test_silent_where_kk_stops_at_an_entry(entries: tuple[str, ...]) -> None:
    """How many are meant is not known; KK114 names the entry."""
    text = config_text(roles={**ROLES, "etcd": entries})
    assert found("KK109", text) == []
    assert len(found("KK114", text)) == 1


def test_a_wrong_entry_of_another_group_hides_nothing() -> None:
    """The etcd group itself can be counted."""
    text = config_text(roles={**ROLES, "etcd": ("master1", "master2"), "worker": ("nod1",)})
    assert len(found("KK109", text)) == 1


@pytest.mark.parametrize("kubernetes", ["{type: k3s}", "{version: v1.26.5-k3s}"])
def test_k3s_has_no_kubeadm(kubernetes: str) -> None:
    """kk makes kubekey of it, which needs members."""
    roles = {**ROLES, "etcd": ()}
    more = f"kubernetes: {kubernetes}\netcd: {{type: kubeadm}}\n"
    assert "no etcd member" in found("KK109", config_text(roles=roles, more=more))[0].message.english
    assert found("KK109", config_text(roles=roles, more="etcd: {type: kubeadm}\n")) == []
