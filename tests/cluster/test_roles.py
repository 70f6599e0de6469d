"""Role groups as kk reads them: ranges, and control planes under both names."""

from __future__ import annotations

import pytest

from kkplan.kubekey3.roles import MAX_RANGE, RoleTrap, expand
from tests.rules.conftest import ROLES, cluster_of, config_file, config_text


@pytest.mark.parametrize(
    ("entry", "names"),
    [
        ("node1", ("node1",)),
        ("node[1:3]", ("node1", "node2", "node3")),
        ("node[9:11]", ("node9", "node10", "node11")),
        ("node[2:2]", ("node2",)),
        ("node[0:1]", ("node0", "node1")),
        ("[1:2]", ("1", "2")),
        ("k8s-gz-node[1:2]", ("k8s-gz-node1", "k8s-gz-node2")),
        ("node[1-3]", ("node[1-3]",)),
        ("node:1", ("node:1",)),
        ("node[1]", ("node[1]",)),
        ("", ("",)),
    ],
)
def test_entries_that_mean_what_they_say(entry: str, names: tuple[str, ...]) -> None:
    """It is a range with all of `[`, `]` and `:`, else a name."""
    assert expand(entry) == (names, ())


@pytest.mark.parametrize(
    ("entry", "names", "traps"),
    [
        ("node[1:3]-a", ("node1", "node2", "node3"), (RoleTrap.SUFFIX_DROPPED,)),
        ("a[1:2]b[3:4]", ("a1", "a2"), (RoleTrap.SUFFIX_DROPPED,)),
        ("node[01:03]", ("node1", "node2", "node3"), (RoleTrap.LEADING_ZEROS,)),
        ("node[00:1]", ("node0", "node1"), (RoleTrap.LEADING_ZEROS,)),
        ("node[01:02]-a", ("node1", "node2"), (RoleTrap.SUFFIX_DROPPED, RoleTrap.LEADING_ZEROS)),
        ("node[3:1]", (), (RoleTrap.EMPTY_RANGE,)),
        ("node[03:01]-a", (), (RoleTrap.EMPTY_RANGE,)),
        ("node[a:b]", (), (RoleTrap.UNREADABLE_RANGE,)),
        ("node[1:]", (), (RoleTrap.UNREADABLE_RANGE,)),
        ("node[1: 3]", (), (RoleTrap.UNREADABLE_RANGE,)),
        ("node[-1:3]", (), (RoleTrap.UNREADABLE_RANGE,)),
        ("node[１:３]", (), (RoleTrap.UNREADABLE_RANGE,)),
        ("]node[:", (), (RoleTrap.UNREADABLE_RANGE,)),
        ("[::1]", (), (RoleTrap.UNREADABLE_RANGE,)),
        (f"node[1:{MAX_RANGE + 1}]", (), (RoleTrap.RANGE_TOO_LONG,)),
        (f"node[{'9' * 5000}:{'9' * 5000}]", (), (RoleTrap.RANGE_TOO_LONG,)),
    ],
)
def test_entries_that_mislead(entry: str, names: tuple[str, ...], traps: tuple[RoleTrap, ...]) -> None:
    """Go's `\\d` is ASCII; what stands behind the first range is dropped; kk panics where the pattern is not found."""
    assert expand(entry) == (names, traps)


def test_a_range_as_long_as_allowed_is_expanded() -> None:
    """Leading zeros do not make a number long."""
    assert len(expand(f"n[1:{MAX_RANGE}]")[0]) == MAX_RANGE
    assert expand(f"n[{'0' * 50}1:1]")[0] == ("n1",)


def test_master_s_hosts_come_before_control_plane_s() -> None:
    """Whatever the order in the file; a host in both counts once."""
    roles = {"control-plane": ("master3", "master1"), "etcd": ("master1",), "master": ("master[1:2]",)}
    cluster = cluster_of(config_text(roles=roles))
    assert [host.name for host in cluster.control_planes] == ["master1", "master2", "master3"]


@pytest.mark.parametrize("name", ["master", "control-plane"])
def test_either_name_alone(name: str) -> None:
    """v1alpha1 knows `master` only."""
    cluster = cluster_of(config_text(roles={name: ("master2", '"master[1:3]"')}))
    assert [host.name for host in cluster.control_planes] == ["master2", "master1", "master3"]


def test_a_group_s_name_is_matched_exactly() -> None:
    """roleGroups is a map, not a struct: `Master` is a free name."""
    cluster = cluster_of(config_text(roles={**ROLES, "control-plane": (), "Master": ("master1",)}))
    assert cluster.control_planes == ()


def test_only_workers_that_are_no_control_planes_get_haproxy() -> None:
    """Under whichever name they are control planes."""
    roles = {"master": ("master1",), "control-plane": ("master2",), "worker": ("node2", "master[1:3]")}
    assert [host.name for host in cluster_of(config_text(roles=roles)).workers_only] == ["node2", "master3"]


def test_a_problem_is_kept_with_its_group_and_line() -> None:
    """The names that are unknown only; the others stay members."""
    text = config_text(roles={**ROLES, "worker": ("node[2:3]",)})
    cluster = cluster_of(text)
    (problem,) = config_file(text).role_groups.problems
    assert (problem.trap, problem.group, problem.entry) == (RoleTrap.UNKNOWN_HOST, "worker", "node[2:3]")
    assert text.splitlines()[problem.place.line - 1].strip() == "- node[2:3]"
    assert problem.expands_to == ("node3",)
    assert [host.name for host in cluster.workers] == ["node2"]


def test_which_groups_kk_stops_at() -> None:
    """A suffix that is dropped misleads, but kk goes on."""
    roles = config_file(config_text(roles={**ROLES, "worker": ("nod1",), "etcd": ("master[1:3]-a",)})).role_groups
    assert roles.stops_at("worker")
    assert roles.stops_at("etcd", "worker")
    assert not roles.stops_at("etcd", "control-plane")


@pytest.mark.parametrize("groups", ["{<<: *g, worker: [node1]}", "{<<: [*g]}"])
def test_groups_by_merge_key(groups: str) -> None:
    """kk reads them as if they were written there."""
    text = config_text(more="x-g: &g {etcd: [master1], control-plane: [master1, master2], worker: [node2]}\n")
    head, _, tail = text.partition("  roleGroups:\n")
    text = head + tail[tail.index("  x-g:") :] + f"  roleGroups: {groups}\n"
    config = config_file(text)
    assert config.role_groups.names_in("control-plane") == ("master1", "master2")
    assert config.role_groups.names_in("etcd") == ("master1",)
