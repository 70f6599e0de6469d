"""KK119: KubeKey's HAProxy needs workers that are no control planes."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ROLES, config_text, found, found_in_plan, line_with

HAPROXY = "internalLoadbalancer: haproxy"


@pytest.mark.parametrize("workers", [(), ("master1", "master2", "master3"), ("master[1:3]",)])
def test_no_worker_of_its_own(workers: tuple[str, ...]) -> None:
    """kk would install it nowhere."""
    text = config_text(HAPROXY, roles={**ROLES, "worker": workers})
    (finding,) = found("KK119", text)
    assert (finding.id, finding.severity) == ("KK119", Severity.INFO)
    assert finding.line == line_with(text, "controlPlaneEndpoint:")
    assert "each node uses its own API server" in finding.message.english


def test_without_a_group_worker() -> None:
    """A missing group is an empty one."""
    roles = {"etcd": ("master1",), "master": ("master1", "master2", "master3")}
    assert len(found("KK119", config_text(HAPROXY, roles=roles))) == 1


def test_a_worker_of_either_control_plane_group_is_none_of_its_own() -> None:
    """`master` and `control-plane` are both control planes."""
    roles = {"etcd": ("master1",), "master": ("master1",), "control-plane": ("master2",), "worker": ("master[1:2]",)}
    assert len(found("KK119", config_text(HAPROXY, roles=roles))) == 1


def test_silent_with_one_worker_of_its_own_or_without_haproxy() -> None:
    """One is enough."""
    mixed = {**ROLES, "worker": ("master[1:3]", "node1")}
    assert found("KK119", config_text(HAPROXY, roles=mixed)) == []
    assert found("KK119", config_text(roles={**ROLES, "worker": ()})) == []
    assert found("KK119", config_text("internalLoadbalancer: kube-vip", roles={**ROLES, "worker": ()})) == []


def test_silent_where_kk_stops_at_a_worker() -> None:
    """Which hosts are meant is not known; KK114 names the entry."""
    text = config_text(HAPROXY, roles={**ROLES, "worker": ("nod1",)})
    assert found("KK119", text) == []
    assert len(found("KK114", text)) == 1


def test_the_planned_block_is_judged() -> None:
    """internal-haproxy for a cluster without workers."""
    assert len(found_in_plan("KK119", config_text(roles={**ROLES, "worker": ()}), "internal-haproxy")) == 1
    assert found_in_plan("KK119", config_text(), "internal-haproxy") == []
