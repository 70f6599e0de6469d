"""Runs the scenarios: fail, watch, repair, watch."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Protocol

from kkplan.cluster.outage import (
    Holding,
    Outage,
    Request,
    Sharing,
    cut_requests,
    failed_requests,
    longest_outage,
    longest_sharing,
)
from kkplan.lab.pair import PairNetwork
from kkplan.lab.pair_lab import PairLab, pair_lab, wait_until
from kkplan.locale import T, Text, named
from kkplan.rehearsal.observer import PATIENCE, Observer
from kkplan.rehearsal.scenario import REFERENCE_RATE, Scenario, Stage, Step, StepFailed, VipExpectation

LONGEST_WATCH = 15.0  # seconds after a failure; one that has not ended by then has not ended
LONGEST_REPAIR = 30.0  # seconds until everything is as before: slow health checks included
LONGEST_CUT = 1.0  # seconds in which a failure is done to the network; what is cut later is no fault of it
QUIET = PATIENCE + 0.2  # without a failed request for so long, a failure is over: whatever hung has been given up
LONGEST_HANDOVER = 1.0  # seconds in which two servers may hold the VIP at once: one removes it as the other takes it
UNEVEN = 1.25  # the longest distance of two requests, in mean ones (kkplan.lab.client)


class Status(str, Enum):
    """The result of a step, the best first.

    DEGRADED: requests are answered, but several LB servers held the VIP at once. No pair of two servers can avoid that
    while they cannot reach each other.
    """

    OK = "ok"
    DEGRADED = "degraded"
    OVER_LIMIT = "over-limit"
    FAILED = "failed"


@dataclass(frozen=True)
class StepResult:
    """The result of a step. Times are seconds since the step began.

    Attributes:
        part: `start`, `fault` or `repair`.
        run: from 1; `--repeat` makes more than one.
        watched: how long it was watched.
        requests: those of the watch, and those of the second before it.
        failed: how many failed that began after the failure, or while it was repaired.
        cut: how many failed that were under way at the failure.
        holdings: who held the VIP when.
        backends: the control planes' states as each LB server's HAProxy sees them at the end.
        idle: `lives`, `closed` or `dead`: open, but nothing answers.
    """

    scenario: str
    part: str
    run: int
    title: Text
    watched: float
    outage: Outage
    requests: tuple[Request, ...] = field(repr=False)
    failed: int
    cut: int
    holdings: tuple[Holding, ...]
    backends: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    idle: str
    note: Text | None
    problems: tuple[Text, ...] = ()
    status: Status = Status.OK

    @property
    def holders(self) -> tuple[str, ...]:
        """Who holds the VIP at the end."""
        return tuple(holding.lb for holding in self.holdings if holding.until is None)

    @property
    def lost_requests(self) -> bool:
        """Whether any request failed."""
        return bool(self.failed or self.cut or not self.outage.ended)

    @property
    def slowest_answer(self) -> float:
        """The longest time that an answered request took; 0.0 if none was answered."""
        times = (request.ended - request.started for request in self.requests if request.succeeded)
        return max(times, default=0.0)

    @property
    def sharing(self) -> Sharing:
        """The longest time in which several LB servers held the VIP at once."""
        return longest_sharing(self.holdings, 0, self.watched)

    @property
    def is_degraded(self) -> bool:
        """Whether several LB servers held the VIP for longer than a handover takes."""
        return self.sharing.seconds > LONGEST_HANDOVER


class Progress(Protocol):
    """Progress callbacks of a rehearsal."""

    def building(self, network: PairNetwork) -> None:
        """The network is being built, for the first time or again."""

    def begins(self, scenario: int, title: Text) -> None:
        """A step begins; scenarios count from 1, and 0 is the start of the services."""

    def ended(self, result: StepResult) -> None:
        """A step has ended."""


def rehearse(
    network: PairNetwork,
    walk: Sequence[Scenario],
    repeat: int,
    rate: float,
    progress: Progress,
    *,
    accepts_any_file: bool = False,
    build: Callable[[PairNetwork], AbstractContextManager[PairLab]] = pair_lab,
) -> Iterator[StepResult]:
    """Run each scenario `repeat` times, in the order of the walk; yields each step's result as it comes.

    A network that does not recover from a scenario is built again for the next one.

    Args:
        accepts_any_file: run even if `haproxy -c` or `keepalived -t` rejects a file.
        build: builds the lab.

    Raises:
        LabError: the network cannot be built, or a program rejects its file.
    """
    todo = list(enumerate((scenario, run) for run in range(1, repeat + 1) for scenario in walk))
    while todo:
        progress.building(network)
        with build(network) as lab, Observer(lab, rate) as observer:
            for server in lab.lbs.values() if not accepts_any_file else ():
                server.refuse_wrong_files()
            player = _Player(lab, observer, rate, progress)
            started = player.start()
            yield started
            if started.status is Status.FAILED:
                return
            while todo:
                number, (scenario, run) = todo.pop(0)
                yield from player.play(number + 1, scenario, run)
                if player.what_is_unhealthy():
                    break


class _Player:
    """Runs scenarios in a lab."""

    def __init__(self, lab: PairLab, observer: Observer, rate: float, progress: Progress) -> None:
        self._lab = lab
        self._observer = observer
        self._rate = rate
        self._distance = UNEVEN / rate
        self._quiet = QUIET + self._distance
        self._progress = progress
        self._number = 0

    def start(self) -> StepResult:
        """Start the services, one server after the other as in the runbook, until requests are answered."""
        # A server that receives no adverts takes the VIP as well, but only some seconds later.
        step = Step(T("Both services started on every LB server"), self._start_services, VipExpectation.ANY, watch=5)
        return self._play_step("start", "start", 1, step, Stage(self._lab, ""), LONGEST_REPAIR, until_healthy=True)

    def _start_services(self, stage: Stage) -> None:
        for server in stage.lab.lbs.values():
            server.start_haproxy()
            server.start_keepalived()
            wait_until(lambda: bool(self._observer.vip.holders()), LONGEST_WATCH)

    def play(self, number: int, scenario: Scenario, run: int) -> Iterator[StepResult]:
        """The failure at a random moment, then the repair."""
        self._number = number
        holders = self._observer.vip.holders()
        # Lost between two scenarios; the next step will show it.
        stage = Stage(self._lab, holders[0] if holders else next(iter(self._lab.lbs)))
        time.sleep(random.uniform(0.2, 1.2))  # noqa: S311 - checks and adverts are at any phase then
        yield self._play_step(scenario.name, "fault", run, scenario.fault, stage, LONGEST_WATCH)
        stage = Stage(self._lab, stage.subject)
        yield self._play_step(scenario.name, "repair", run, scenario.repair, stage, LONGEST_REPAIR, until_healthy=True)

    def _play_step(
        self, name: str, part: str, run: int, step: Step, stage: Stage, longest: float, until_healthy: bool = False
    ) -> StepResult:
        """Run a step, and watch until nothing more happens."""
        title = Text(step.title.template, (("lb", named(stage.subject)), ("api_server", self._lab.api_servers[0].name)))
        self._progress.begins(self._number, title)
        observer = self._observer
        holders_before = observer.vip.holders()
        began = time.monotonic()
        note, problems = run_step(step, stage)
        done = min(time.monotonic(), began + LONGEST_CUT) if part == "fault" else began
        observer.watch_new(self._lab.lbs.values())
        wait_until(lambda: time.monotonic() >= began + step.watch, step.watch)
        wait_until(
            lambda: (
                observer.quiet_for(self._quiet)
                and not vip_problems(step.vip, holders_before, observer.vip.holders())
                and not (until_healthy and self.what_is_unhealthy())
            ),
            longest - step.watch,
        )
        self._lab.refuse_ended_machines()
        problems += vip_problems(step.vip, holders_before, observer.vip.holders())
        problems += self.what_is_unhealthy() if until_healthy and not problems else []
        if not observer.quiet_for(self._quiet):
            problems.append(T("requests still fail after {seconds:.0f} s", seconds=time.monotonic() - began))
        idle = observer.try_idle_connection(began)
        ended = time.monotonic()
        result = StepResult(
            scenario=name,
            part=part,
            run=run,
            title=title,
            watched=ended - began,
            outage=_relative_outage(longest_outage(observer.requests, began, ended, self._distance), began),
            requests=_relative_requests(observer.requests, began, ended),
            failed=failed_requests(observer.requests, done, ended),
            cut=cut_requests(observer.requests, began, done),
            holdings=_relative_holdings(observer.vip.holdings, began),
            backends=tuple(
                (server.name, tuple(server.backend_states().items()))
                for server in self._lab.lbs.values()
                if server.is_running
            ),
            idle=idle,
            note=note,
            problems=tuple(problems),
        )
        result = judged(result, step, self._rate)
        self._progress.ended(result)
        return result

    def what_is_unhealthy(self) -> list[Text]:
        """The problems that keep the pair from being healthy: one VIP holder, the others as backups, all API servers up.

        Raises:
            LabError: a machine has ended.
        """
        self._lab.refuse_ended_machines()
        holders = self._observer.vip.holders()
        if len(holders) != 1:
            return vip_problems(VipExpectation.STAYS, holders, holders)
        problems = []
        for name, server in self._lab.lbs.items():
            state = last_state(server.keepalived_log) if server.is_running else ""
            if state not in ("MASTER", "BACKUP"):
                problems.append(T("Keepalived on {lb} is in state {state}", lb=named(name), state=named(state or "-")))
            elif server.has_statistics:
                down = [name for name, status in server.backend_states().items() if not status.startswith("UP")]
                if down or not server.backend_states():
                    names = ", ".join(down) or named("-")
                    problems.append(T("HAProxy on {lb} cannot reach {names}", lb=named(name), names=names))
        return problems


def run_step(step: Step, stage: Stage) -> tuple[Text | None, list[Text]]:
    """Run the act of a step; returns its note and its problem."""
    try:
        return step.act(stage), []
    except StepFailed as failure:
        return None, [failure.problem]


def judged(result: StepResult, step: Step, rate: float) -> StepResult:
    """The result with its problems, by the limits of the step."""
    problems = list(result.problems)
    if not result.outage.ended:
        problems.append(T("requests are no longer answered"))
    strangers = (
        {holding.lb for holding in result.holdings if holding.since > 0} if step.vip is VipExpectation.STAYS else ()
    )
    if strangers and not problems:
        problems.append(T("the VIP was on {lbs} for a while", lbs=named(", ".join(sorted(strangers)))))
    if step.idle_lives and result.idle != "lives":
        problems.append(T("the idle connection is closed"))
    if problems:
        return replace(result, status=Status.FAILED, problems=tuple(problems))
    # Outages are measured by requests, so they can be too long by up to the longest distance.
    if step.outage_limit is not None and result.outage.seconds > step.outage_limit + UNEVEN / rate:
        problems.append(
            T(
                "no answer for {seconds:.2f} s; the limit is {limit} s",
                seconds=result.outage.seconds,
                limit=step.outage_limit,
            )
        )
    # Some failures affect single requests, independent of the rate.
    limit = None if step.failed_limit is None else step.failed_limit * max(1.0, rate / REFERENCE_RATE)
    if limit is not None and result.failed > limit:
        problems.append(
            T("{failed} requests failed, more than {limit:g}", failed=result.failed, limit=limit),
        )
    status = Status.OVER_LIMIT if problems else Status.OK
    if result.is_degraded:
        status = max(status, Status.DEGRADED, key=list(Status).index)
        problems.append(
            T(
                "{lbs} held the VIP at once for {seconds:.1f} s: a client reaches either of them",
                lbs=named(", ".join(result.sharing.lbs)),
                seconds=result.sharing.seconds,
            )
        )
    return replace(result, status=status, problems=tuple(problems))


def vip_problems(way: VipExpectation, before: Sequence[str], after: Sequence[str]) -> list[Text]:
    """The problems with the place of the VIP."""
    if not after:
        return [T("no LB server holds the VIP")]
    if way is VipExpectation.ANY:
        return []
    if len(after) > 1:
        return [T("more than one LB server holds the VIP: {lbs}", lbs=named(", ".join(after)))]
    if way is VipExpectation.MOVES and after[0] in before:
        return [T("the VIP stayed on {lb}", lb=named(after[0]))]
    if way is VipExpectation.STAYS and after[0] not in before:
        return [T("the VIP moved from {before} to {after}", before=named(", ".join(before)), after=named(after[0]))]
    return []


def last_state(keepalived_log: str) -> str:
    """The VRRP state that Keepalived entered last: `MASTER`, `BACKUP` or `FAULT`; "" before the first."""
    found = re.findall(r"(?i)entering (\w{1,16}) state", keepalived_log)
    return found[-1] if found else ""


def _relative_requests(requests: Sequence[Request], began: float, ended: float) -> tuple[Request, ...]:
    return tuple(
        Request(request.started - began, request.ended - began, request.server)
        for request in requests
        if began - 1 <= request.ended <= ended
    )


def _relative_outage(outage: Outage, began: float) -> Outage:
    return replace(outage, began=outage.began - began)


def _relative_holdings(holdings: Sequence[Holding], began: float) -> tuple[Holding, ...]:
    return tuple(
        Holding(holding.lb, holding.since - began, None if holding.until is None else holding.until - began)
        for holding in holdings
        if holding.until is None or holding.until >= began
    )
