"""Estimates how much longer a rehearsal takes. Times are in seconds."""

from __future__ import annotations

from collections.abc import Sequence

from kkplan.rehearsal.scenario import Scenario

_SHORTEST_STEP = 2.5  # a step ends once no request has failed for a second, and its idle connection has been tried
_WAIT = 0.7  # before each scenario, on average


def expected_seconds(scenario: Scenario) -> float:
    """About how long a scenario takes on a machine that is not busy."""
    return _WAIT + sum(max(step.watch + 0.5, _SHORTEST_STEP) for step in (scenario.fault, scenario.repair))


def seconds_left(walk: Sequence[Scenario], done: int, elapsed: float, running: float) -> float:
    """About how long the rest of a walk takes, at the pace so far.

    Args:
        done: how many scenarios have ended.
        elapsed: how long those took.
        running: how long the current one has taken.
    """
    expected = [expected_seconds(scenario) for scenario in walk]
    pace = elapsed / sum(expected[:done]) if done else 1.0
    current = max(0.0, pace * sum(expected[done : done + 1]) - running)
    return current + pace * sum(expected[done + 1 :])
