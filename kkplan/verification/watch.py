"""Watches the endpoint during a failover test: probes at a steady rate, and outages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from kkplan.cluster.outage import Request
from kkplan.verification.check import ProbeContext
from kkplan.verification.probe import Port, ask_once, probe_port

INTERVAL = 0.2  # seconds between two probes


@dataclass(frozen=True)
class WatchedOutage:
    """Probes that failed, one after the other.

    Attributes:
        began: seconds from the start of the watch to the last answer before; to the first probe where that came first.
        seconds: from there to the first answer after; to the end of the watch where none came.
        failed: how many probes failed.
        ended: whether an answer came again.
    """

    began: float
    seconds: float
    failed: int
    ended: bool


@dataclass(frozen=True)
class Watch:
    """The result of a watch.

    Attributes:
        began: when, by this machine's clock.
        asks: the probes requested /readyz; False: they tested only the TCP port.
        probes: how many were sent and have ended.
        outages: in the order of time.
        answer_times: seconds to each answer, the shortest first.
    """

    began: datetime
    seconds: float
    asks: bool
    probes: int
    outages: tuple[WatchedOutage, ...]
    answer_times: tuple[float, ...] = ()

    def answer_time(self, share: float) -> float:
        """The time within which that share (0 to 1) of the answers came, by nearest rank; 0.0 if none came."""
        times = self.answer_times
        return times[max(0, ceil(share * len(times)) - 1)] if times else 0.0

    def clock(self, seconds: float) -> datetime:
        """The time of day so many seconds from the start."""
        return self.began + timedelta(seconds=seconds)

    @property
    def answers_at_the_end(self) -> bool:
        """Whether the endpoint answered when the watch ended."""
        return bool(self.answer_times) and all(outage.ended for outage in self.outages)


class _Meter:
    """Turns probes, fed in the order in which they were sent, into outages."""

    def __init__(self) -> None:
        self._last_answer = 0.0
        self._failed: list[Request] = []

    def feed(self, request: Request) -> WatchedOutage | None:
        """The outage that ends with this probe."""
        if not request.succeeded:
            self._failed.append(request)
            return None
        outage = self._outage(request.ended, ended=True) if self._failed else None
        self._failed = []
        self._last_answer = max(self._last_answer, request.ended)
        return outage

    def rest(self, end: float) -> WatchedOutage | None:
        """The outage that has not ended."""
        return self._outage(end, ended=False) if self._failed else None

    def _outage(self, end: float, *, ended: bool) -> WatchedOutage:
        # An answer that was long under way may have come after the first failure began.
        began = min(self._last_answer, self._failed[0].started)
        return WatchedOutage(began, end - began, len(self._failed), ended)


class Watcher:
    """A watch of the endpoint. If it is interrupted, `seen` has the results up to then."""

    def __init__(self, context: ProbeContext, *, asks: bool, on_outage: Callable[[WatchedOutage], None]) -> None:
        """Prepare a watch.

        Args:
            asks: request /readyz. Otherwise an open port counts as an answer: HAProxy accepts connections even without
                a backend.
            on_outage: called with each outage as it ends; with one that has not ended, by `seen`.
        """
        self._context = context
        self._asks = asks
        self._on_outage = on_outage
        self._done: dict[int, Request] = {}
        self._meter = _Meter()
        self._fed = 0
        self._reported = 0
        self._begin()

    def _begin(self) -> None:
        self._start = time.monotonic()
        self.began = datetime.now().astimezone()

    async def watch(self, seconds: float) -> None:
        """Probe for so many seconds."""
        self._begin()
        running: set[asyncio.Task[None]] = set()
        number = 0
        while number * INTERVAL < seconds:
            task = asyncio.ensure_future(self._send(number))
            running.add(task)
            task.add_done_callback(running.discard)
            number += 1
            await asyncio.sleep(max(0.0, self._start + number * INTERVAL - time.monotonic()))
            self._feed()
        if running:
            await asyncio.wait(running)
        self._feed()

    async def _send(self, number: int) -> None:
        site, timeout = self._context.site, self._context.timeout
        started = time.monotonic() - self._start
        if self._asks:
            answered = (await ask_once(site.address, site.port, timeout, site.server_name)).alive
        else:
            answered = await probe_port(site.address, site.port, timeout) is Port.OPEN
        self._done[number] = Request(started, time.monotonic() - self._start, "yes" if answered else "")

    def _feed(self) -> None:
        """Feed only probes before which all others have ended: a running one may belong to the outage."""
        while self._fed in self._done:
            outage = self._meter.feed(self._done[self._fed])
            self._fed += 1
            if outage is not None:
                self._on_outage(outage)
                self._reported += 1

    @property
    def counts(self) -> tuple[int, int]:
        """How many probes have ended, and how many of them failed."""
        done = list(self._done.values())
        return len(done), sum(not request.succeeded for request in done)

    def seen(self) -> Watch:
        """The result of the probes that have ended; reports new outages."""
        requests = [self._done[number] for number in sorted(self._done)]
        found = watched(requests, self.began, time.monotonic() - self._start, asks=self._asks)
        for outage in found.outages[self._reported :]:
            self._on_outage(outage)
        return found


def watched(requests: Sequence[Request], began: datetime, seconds: float, *, asks: bool) -> Watch:
    """The result of probes, in the order in which they were sent, with times from the start of the watch."""
    meter = _Meter()
    outages = [*(meter.feed(request) for request in requests), meter.rest(seconds)]
    times = sorted(request.ended - request.started for request in requests if request.succeeded)
    found = tuple(outage for outage in outages if outage is not None)
    return Watch(began, seconds, asks, len(requests), found, tuple(times))
