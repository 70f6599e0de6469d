"""KK128: etcd on workers."""

from __future__ import annotations

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, ROLES, config_text, found, host


def test_members_that_are_workers_only() -> None:
    """Each is named."""
    (finding,) = found("KK128", config_text(roles={**ROLES, "etcd": ("master1", "node1", "node2")}))
    assert finding.severity is Severity.INFO
    assert "etcd runs on node1, node2" in finding.message.english


def test_a_name_in_capitals_is_shown() -> None:
    """As in every other finding about hosts."""
    text = config_text(
        roles={**ROLES, "etcd": ("master1", "NODE-A7K2")}, hosts=(*MASTERS, host("NODE-A7K2", "172.16.0.7"))
    )
    (finding,) = found("KK128", text.replace("- node1", "- NODE-A7K2").replace("    - node2\n", ""))
    assert "NODE-A7K2" in finding.message.english


def test_silent_on_control_planes_and_on_machines_of_its_own() -> None:
    """A control plane that works too is small, and known to be so."""
    assert found("KK128", config_text()) == []
    assert found("KK128", config_text(roles={**ROLES, "worker": ("master[1:3]",), "etcd": ("master[1:3]",)})) == []
    assert (
        found("KK128", config_text(roles={**ROLES, "worker": ("node1",), "etcd": ("master1", "master2", "node2")}))
        == []
    )
