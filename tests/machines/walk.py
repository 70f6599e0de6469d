"""A walk through scenarios on a pair that boots, and what it found."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from kkplan.lab.pair import PairNetwork
from kkplan.locale import Text
from kkplan.rehearsal.rehearse import StepResult, rehearse
from kkplan.rehearsal.scenario import REFERENCE_RATE, Scenario
from tests.machines.pair import BootedPair, new_pair
from tests.machines.root_fs import RootFs
from tests.machines.scenarios import POWER_ON_NAMES
from tests.machines.server import Networking


class Walked(NamedTuple):
    """A step, and what only machines have.

    Attributes:
        served_after: seconds from the moment at which everything was there that the VIP needs, to the first answer; None
            for a step that is no power-on, or has no answer.
    """

    result: StepResult
    served_after: float | None


@dataclass
class _Clock:
    """Notes when each step began: a step's times are relative to that."""

    began: float = 0.0

    def building(self, network: PairNetwork) -> None:
        pass

    def begins(self, scenario: int, title: Text) -> None:
        self.began = time.monotonic()

    def ended(self, result: StepResult) -> None:
        pass


def walk(
    root_fs: RootFs, scenarios: Sequence[Scenario], networking: Networking = Networking.IFUPDOWN, repeat: int = 1
) -> Iterator[Walked]:
    """Each step of the scenarios on a pair that install.sh has set up; a pair that does not recover is built anew."""
    clock = _Clock()
    pairs: list[BootedPair] = []

    @contextmanager
    def build(network: PairNetwork) -> Iterator[BootedPair]:
        with new_pair(root_fs) as pair:
            pair.networking = networking
            pair.set_up()
            # The observer has to see the VIP come.
            for server in pair.lbs.values():
                server.succeed("systemctl", "stop", "keepalived")
            pairs[:] = [pair]
            yield pair

    with new_pair(root_fs) as pair:
        network = pair.network
    for result in rehearse(network, scenarios, repeat, REFERENCE_RATE, clock, accepts_any_file=True, build=build):
        is_power_on = result.scenario in POWER_ON_NAMES and result.part == "fault"
        yield Walked(result, _served_after(result, pairs[0].complete - clock.began) if is_power_on else None)


def _served_after(result: StepResult, complete: float) -> float | None:
    answers = [request.ended for request in result.requests if request.succeeded and request.ended > complete]
    return min(answers) - complete if answers else None
