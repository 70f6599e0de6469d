"""KK128: etcd on workers."""

from __future__ import annotations

from kkplan.plan.finding import Severity
from tests.rules.conftest import ROLES, config_text, found


def test_members_that_are_workers_only() -> None:
    """Each is named."""
    (finding,) = found("KK128", config_text(roles={**ROLES, "etcd": ("master1", "node1", "node2")}))
    assert finding.severity is Severity.INFO
    assert "etcd runs on node1, node2" in finding.message.english


def test_silent_on_control_planes_and_on_machines_of_its_own() -> None:
    """A control plane that works too is small, and known to be so."""
    assert found("KK128", config_text()) == []
    assert found("KK128", config_text(roles={**ROLES, "worker": ("master[1:3]",), "etcd": ("master[1:3]",)})) == []
    assert (
        found("KK128", config_text(roles={**ROLES, "worker": ("node1",), "etcd": ("master1", "master2", "node2")}))
        == []
    )
