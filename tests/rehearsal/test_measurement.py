"""What follows from what the client and the NICs saw."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kkplan.cluster.load_balancer import Vip
from kkplan.cluster.outage import (
    Holding,
    Outage,
    Request,
    Sharing,
    cut_requests,
    failed_requests,
    holders_at,
    longest_outage,
    longest_sharing,
)
from kkplan.lab.pair_lab import PairLab
from kkplan.locale import T
from kkplan.rehearsal.estimate import expected_seconds, seconds_left
from kkplan.rehearsal.rehearse import Status, StepResult, judged, last_state, run_step, vip_problems
from kkplan.rehearsal.scenario import Stage, Step, VipExpectation, nothing, scenarios
from kkplan.rehearsal.scenarios import many_connections


def answered(*ends: float) -> list[Request]:
    return [Request(end - 0.01, end, "master1") for end in ends]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((9.9, 10.1, 10.5, 11.0, 11.9), Outage(0.9, True)),
        ((9.5, 11.0, 11.5, 12.0), Outage(1.5, True)),  # begins with the last answer before the failure
        ((9.9, 10.5), Outage(1.5, False)),  # never ends
        ((), Outage(2.0, False)),
        ((9.99, 10.2, 11.9, 11.95), Outage(1.7, True)),
        ((*(10 + n / 50 for n in range(98)), 11.96), Outage(0.04, True)),  # a hiccup at the very end
    ],
)
def test_the_longest_outage_lies_between_two_answers(ends: tuple[float, ...], expected: Outage) -> None:
    found = longest_outage(answered(*ends), 10, 12)
    assert found.seconds == pytest.approx(expected.seconds)
    assert found.ended is expected.ended
    assert found.began in (10, *ends), "it begins with an answer, or with the watch"


def test_requests_that_come_seldom_are_no_outage() -> None:
    ends = (8.8, 9.9, 10.8)
    assert not longest_outage(answered(*ends), 10, 12).ended
    assert longest_outage(answered(*ends), 10, 12, distance=1.25).ended


def a_result(**fields: Any) -> StepResult:
    """What came of a failure, with these fields."""
    return StepResult(
        **{
            "scenario": "api-server-lost",
            "part": "fault",
            "run": 1,
            "title": T("Network link of {api_server} down", api_server="master1"),
            "watched": 6,
            "outage": Outage(0.1, ended=True),
            "requests": (),
            "failed": 0,
            "cut": 0,
            "holdings": (),
            "backends": (),
            "idle": "lives",
            "note": None,
            **fields,
        }
    )


@pytest.mark.parametrize(("rate", "failed", "over"), [(1, 3, False), (20, 3, False), (20, 4, True), (100, 15, False)])
def test_a_limit_of_failed_requests_grows_with_the_rate_and_does_not_shrink(rate: int, failed: int, over: bool) -> None:
    result = a_result(failed=failed)
    status = judged(result, Step(result.title, nothing, failed_limit=3), rate).status
    assert status is (Status.OVER_LIMIT if over else Status.OK)


LB1, LB2 = Holding("lb1", -3), Holding("lb2", 0.5)


@pytest.mark.parametrize(
    ("holdings", "expected"),
    [
        ((), Sharing()),
        ((LB1,), Sharing()),
        ((LB1, LB2), Sharing(5.5, ("lb1", "lb2"))),
        ((replace(LB1, until=0.75), LB2), Sharing(0.25, ("lb1", "lb2"))),
        ((replace(LB1, until=0.5), LB2), Sharing()),
        ((LB1, replace(LB2, since=-2, until=1)), Sharing(1.0, ("lb1", "lb2"))),  # only from the failure on
        ((LB1, replace(LB2, until=1), Holding("lb3", 1, 4)), Sharing(3.5, ("lb1", "lb2", "lb3"))),
        ((LB1, replace(LB2, until=1), Holding("lb3", 2, 4)), Sharing(2, ("lb1", "lb3"))),
    ],
)
def test_how_long_the_vip_was_shared(holdings: tuple[Holding, ...], expected: Sharing) -> None:
    assert longest_sharing(holdings, 0, 6) == expected


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"holdings": (LB1, LB2)}, Status.DEGRADED),
        ({"holdings": (LB1, replace(LB2, until=1.4))}, Status.OK),  # a handover
        ({"holdings": (LB1, LB2), "failed": 9}, Status.OVER_LIMIT),
        ({"holdings": (LB1, LB2), "outage": Outage(6, ended=False)}, Status.FAILED),
    ],
)
def test_a_shared_vip_is_degraded(fields: dict[str, Any], status: Status) -> None:
    step = Step(T("LB servers cut off from each other"), nothing, vip=VipExpectation.ANY, failed_limit=3)
    result = judged(a_result(**fields), step, 20)
    assert result.status is status
    shared = [problem for problem in result.problems if problem.english.startswith("lb1, lb2 held the VIP at once")]
    assert len(shared) == (status in (Status.DEGRADED, Status.OVER_LIMIT))


def test_the_slowest_answer_and_whether_a_request_failed() -> None:
    requests = (Request(0, 0.25, "a"), Request(0.1, 1.1, ""), Request(0.2, 0.3, "b"))
    assert a_result(requests=requests).slowest_answer == 0.25
    assert a_result().slowest_answer == 0.0
    lost = [
        a_result(**fields).lost_requests for fields in ({}, {"failed": 1}, {"cut": 1}, {"outage": Outage(6, False)})
    ]
    assert lost == [False, True, True, True]


def test_the_time_left_follows_the_pace() -> None:
    walk = scenarios()[:3]
    expected = [expected_seconds(scenario) for scenario in walk]
    assert seconds_left(walk, 0, 0, 0) == pytest.approx(sum(expected))
    assert seconds_left(walk, 0, 0, 1) == pytest.approx(sum(expected) - 1)
    assert seconds_left(walk, 1, 2 * expected[0], 0) == pytest.approx(2 * sum(expected[1:]))
    assert seconds_left(walk, 2, sum(expected[:2]), 1000) == 0
    assert seconds_left(walk, 3, sum(expected), 0) == 0


def test_what_was_under_way_at_the_failure_is_cut_and_what_began_later_has_failed() -> None:
    requests = [Request(9.95, 10.95, ""), Request(10.2, 11.2, ""), Request(10.3, 10.4, "master1"), Request(13, 14, "")]
    assert cut_requests(requests, 10, 10.1) == 1
    assert failed_requests(requests, 10.1, 12) == 1


def test_a_killed_program_is_a_step_that_failed() -> None:
    """The kernel ends it where memory is short; what it would have written is missing then."""
    process = SimpleNamespace(communicate=lambda: ("", None), returncode=-9)
    lab = SimpleNamespace(
        client=SimpleNamespace(spawn=lambda command: process),
        network=SimpleNamespace(vip=Vip("172.16.0.10", 24), port=6443),
        refuse_ended_machines=lambda: None,
    )
    stage = Stage(cast("PairLab", lab), "lb1")
    _, problems = run_step(many_connections.SCENARIO.fault, stage)
    assert [problem.english for problem in problems] == [
        "the program that opens the connections ended unexpectedly, possibly out of memory"
    ]


def test_who_holds_the_vip() -> None:
    holdings = [Holding("lb1", 1, 5), Holding("lb2", 4)]
    assert [holders_at(holdings, moment) for moment in (0, 2, 4.5, 5)] == [(), ("lb1",), ("lb1", "lb2"), ("lb2",)]


@pytest.mark.parametrize(
    ("way", "before", "after", "expected"),
    [
        (VipExpectation.MOVES, ("lb1",), ("lb2",), []),
        (VipExpectation.MOVES, ("lb1",), ("lb1",), ["the VIP stayed on lb1"]),
        (VipExpectation.MOVES, ("lb1",), ("lb1", "lb2"), ["more than one LB server holds the VIP: lb1, lb2"]),
        (VipExpectation.MOVES, ("lb1",), (), ["no LB server holds the VIP"]),
        (VipExpectation.STAYS, ("lb1",), ("lb1",), []),
        (VipExpectation.STAYS, ("lb1",), ("lb2",), ["the VIP moved from lb1 to lb2"]),
        (VipExpectation.ANY, ("lb1",), ("lb1", "lb2"), []),
        (VipExpectation.ANY, ("lb1",), (), ["no LB server holds the VIP"]),
    ],
)
def test_what_is_wrong_about_where_the_vip_is(
    way: VipExpectation, before: tuple[str, ...], after: tuple[str, ...], expected: list[str]
) -> None:
    assert [str(problem) for problem in vip_problems(way, before, after)] == expected


def test_the_state_that_keepalived_entered_last() -> None:
    assert last_state("") == ""
    assert last_state("(a) Entering BACKUP STATE (init)\n(a) Entering MASTER STATE\n") == "MASTER"
