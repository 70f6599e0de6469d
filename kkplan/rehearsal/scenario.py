"""A scenario: a failure, its repair, and the expected result of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module

from kkplan.errors import UsageError
from kkplan.lab.lb_server import LbServer
from kkplan.lab.pair_lab import ApiServer, PairLab
from kkplan.locale import T, Text, listed, named
from kkplan.parts import part_names

# Limits that count requests are for this rate.
REFERENCE_RATE = 20


class StepFailed(Exception):  # noqa: N818 - what a step found out, no error of the program
    """The network failed what the step did to it.

    Args:
        problem: what went wrong.
    """

    def __init__(self, problem: Text) -> None:
        super().__init__(problem)
        self.problem = problem


class VipExpectation(str, Enum):
    """What is expected of the VIP."""

    STAYS = "stays"
    MOVES = "moves"
    ANY = "any"


@dataclass(frozen=True)
class Stage:
    """The lab and subject of a scenario.

    Attributes:
        subject: the LB server that holds the VIP as the scenario begins; it stays the subject until the repair.
    """

    lab: PairLab
    subject: str

    @property
    def lb(self) -> LbServer:
        """The LB server that fails, if one does."""
        return self.lab.lbs[self.subject]

    @property
    def api_server(self) -> ApiServer:
        """The control plane that fails, if one does."""
        return self.lab.api_servers[0]


def nothing(stage: Stage) -> None:
    """Does nothing: only time has to pass."""


@dataclass(frozen=True)
class Step:
    """One action on the network, and its limits.

    Attributes:
        title: what is done, with `{lb}` and `{api_server}` for the machine it is done to.
        act: does it; returns a note for the report. Raises StepFailed if the network fails it.
        vip: what the VIP has to do.
        outage_limit: seconds without an answer that are allowed at most; None if no limit is set.
        failed_limit: requests that may fail, of REFERENCE_RATE a second; None if no limit is set.
        watch: seconds to watch at least, so that late effects are seen.
        idle_lives: the idle connection has to survive.
    """

    title: Text
    act: Callable[[Stage], Text | None]
    vip: VipExpectation = VipExpectation.STAYS
    outage_limit: float | None = None
    failed_limit: float | None = None
    watch: float = 2.0
    idle_lives: bool = False


@dataclass(frozen=True)
class Scenario:
    """A failure and its repair.

    Attributes:
        name: as `--scenario` takes it.
        rank: its place in the walk.
        title: what happens, for people.
        by_default: whether it runs by default; long ones do not.
        needs_api_servers: how many control planes there have to be.
    """

    name: str
    rank: int
    title: Text
    fault: Step
    repair: Step
    by_default: bool = True
    needs_api_servers: int = 1


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Every scenario, in the order of the walk: the SCENARIO of each module in `scenarios/`."""
    package = import_module("kkplan.rehearsal.scenarios")
    found: list[Scenario] = [import_module(f"{package.__name__}.{name}").SCENARIO for name in part_names(package)]
    return tuple(sorted(found, key=lambda scenario: scenario.rank))


def scenario_named(name: str) -> Scenario:
    """The scenario of that name.

    Raises:
        UsageError: the name is unknown.
    """
    for scenario in scenarios():
        if scenario.name == name:
            return scenario
    names = listed(scenario.name for scenario in scenarios())
    raise UsageError(T("unknown scenario {name}. Choose one of: {names}", name=named(name), names=named(names)))
