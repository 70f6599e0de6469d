"""A pair that install.sh has set up survives what happens to machines. Figures: `make bench-machines`."""

from __future__ import annotations

import pytest

from kkplan.rehearsal.rehearse import Status
from kkplan.rehearsal.scenario import Scenario
from tests.machines.root_fs import RootFs
from tests.machines.scenarios import NETWORK_RESTARTS, ON_HOLDER, POWER_ON, POWER_ON_NAMES, of_rehearsal
from tests.machines.server import Networking
from tests.machines.walk import walk

MACHINES_ONLY = {scenario.name: scenario for scenario in (*ON_HOLDER, *POWER_ON)}
SHORT = (
    *of_rehearsal(("haproxy-stopped", "haproxy-hung", "keepalived-killed", "link-down", "machine-lost", "split")),
    *(MACHINES_ONLY[name] for name in ("haproxy-restarted", "haproxy-reloaded", "machine-paused-2")),
    *NETWORK_RESTARTS[Networking.IFUPDOWN][:1],
    *(MACHINES_ONLY[name] for name in ("power-on-ifupdown", "addresses-late", "nics-late")),
)


def survives(root_fs: RootFs, scenarios: tuple[Scenario, ...], networking: Networking = Networking.IFUPDOWN) -> None:
    problems = []
    for result, served_after in walk(root_fs, scenarios, networking):
        if result.status is Status.FAILED:
            problems.append(f"{result.scenario}, {result.part}: {', '.join(map(str, result.problems))}")
        if result.part == "fault" and result.scenario in POWER_ON_NAMES and served_after is None:
            problems.append(f"{result.scenario}: the VIP does not answer")
        if result.scenario == "haproxy-reloaded" and result.failed + result.cut:
            problems.append(f"{result.failed} requests failed while HAProxy was reloaded")
    assert problems == []


@pytest.mark.short
def test_short_walk(release: RootFs) -> None:
    survives(release, SHORT)


def test_whole_walk(release: RootFs) -> None:
    survives(release, (*of_rehearsal(), *ON_HOLDER, *NETWORK_RESTARTS[Networking.IFUPDOWN], *POWER_ON))


def test_networkd(release: RootFs) -> None:
    scenarios = (*of_rehearsal(("link-down", "address-lost", "machine-lost")), *NETWORK_RESTARTS[Networking.NETWORKD])
    survives(release, scenarios, Networking.NETWORKD)
