"""Where machines can boot, and the releases that they boot."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kkplan.lab.machine import LabError, Machine, MachineFiles, search_path
from kkplan.lab.requirements import missing_requirement
from tests.machines.pair import BootedPair, new_pair
from tests.machines.root_fs import RELEASES, NoRootFs, RootFs, root_fs

Pairs = Callable[..., BootedPair]


class _Trial(Machine):
    """A machine as LB servers are."""

    files_seen = MachineFiles.HOST


def reason_to_skip() -> str:
    """Why no machine boots here; "" where one can."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "needs root on Linux: machines boot in namespaces"
    missing = [program for program in ("systemd-nspawn", "nft") if shutil.which(program, path=search_path()) is None]
    if missing:
        return f"not installed: {', '.join(missing)}; make packages installs them"
    problem = missing_requirement()
    if problem is not None:
        return str(problem)
    try:
        with _Trial() as machine:
            machine.do("mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup")
            machine.do("test", "-w", "/sys/fs/cgroup/cgroup.procs")
    except LabError as error:
        return f"needs control groups of version 2: {error}"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them take long."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.thorough)


@pytest.fixture(scope="session")
def can_boot() -> None:
    """Skips what needs machines, where none boots."""
    reason = reason_to_skip()
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session", params=RELEASES)
def release(request: pytest.FixtureRequest, can_boot: None) -> RootFs:
    """Each release's files."""
    try:
        return root_fs(request.param)
    except NoRootFs as missing:
        pytest.skip(str(missing))


@pytest.fixture
def fresh_pair(release: RootFs) -> Iterator[Pairs]:
    """Makes pairs of fresh servers that have booted, with a mirror, from a plan with these options."""
    with ExitStack() as stack:

        def make(*options: str) -> BootedPair:
            pair = stack.enter_context(new_pair(release, *options))
            pair.add_mirror()
            for name in pair.lbs:
                pair.switch_on(name)
            for server in pair.lbs.values():
                assert server.wait_for_boot() == "running", server.inside("systemctl", "--failed")[1]
            return pair

        yield make
