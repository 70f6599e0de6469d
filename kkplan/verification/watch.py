"""Watching the endpoint while someone pulls plugs: one probe at a steady rate, and what was not answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from kkplan.rehearsal.measurement import Request
from kkplan.verification.check import Circumstances
from kkplan.verification.probe import Port, ask, knock

INTERVAL = 0.2  # seconds between two probes


@dataclass(frozen=True)
class WatchedOutage:
    """Probes that failed, one after the other.

    Attributes:
        began: seconds from the start of the watch to the first probe that failed.
        seconds: from the last answer before to the first one after; to the end where none came.
        failed: how many probes failed.
        ended: whether an answer came again.
    """

    began: float
    seconds: float
    failed: int
    ended: bool


@dataclass(frozen=True)
class Watch:
    """What was seen.

    Attributes:
        began: when, by this machine's clock.
        asks: the probes asked for /readyz; False: they knocked at the port.
        probes: how many were sent.
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
        """The time within which that share (0 to 1) of the answers came, by nearest rank; 0.0 where none came."""
        times = self.answer_times
        return times[max(0, ceil(share * len(times)) - 1)] if times else 0.0

    def clock(self, seconds: float) -> datetime:
        """The time of day so many seconds from the start."""
        return self.began + timedelta(seconds=seconds)

    @property
    def answers_at_the_end(self) -> bool:
        """Whether the endpoint answered when the watch ended."""
        return bool(self.probes) and all(outage.ended for outage in self.outages)


def outages_of(requests: Sequence[Request], end: float) -> tuple[WatchedOutage, ...]:
    """The outages in probes whose times count from the start of the watch."""
    outages: list[WatchedOutage] = []
    failed: list[Request] = []
    last_answer = 0.0

    def since() -> float:
        # A slow answer to an earlier probe may come after the failures.
        return min(last_answer, failed[0].started)

    for request in sorted(requests, key=lambda request: request.started):
        if not request.succeeded:
            failed.append(request)
            continue
        if failed:
            outages.append(WatchedOutage(failed[0].started, request.ended - since(), len(failed), ended=True))
            failed = []
        last_answer = request.ended
    if failed:
        outages.append(WatchedOutage(failed[0].started, end - since(), len(failed), ended=False))
    return tuple(outages)


async def watch(
    it: Circumstances,
    seconds: float,
    *,
    after_install: bool,
    tell: Callable[[WatchedOutage], None],
    kept: list[Request],
) -> None:
    """Probe for so many seconds; tell of each outage as it ends.

    Before the install an answer is an open port: HAProxy accepts, though it has nobody to pass the request on to.

    Args:
        kept: gets every probe, so that they are there when the watch is interrupted.
    """
    site = it.site
    start = time.monotonic()
    running: set[asyncio.Task[None]] = set()
    told = 0

    async def probe() -> None:
        started = time.monotonic() - start
        if after_install:
            answered = (await ask(site.address, site.port, it.timeout, site.domain)).alive
        else:
            answered = await knock(site.address, site.port, it.timeout) is Port.OPEN
        kept.append(Request(started, time.monotonic() - start, "yes" if answered else ""))

    number = 0
    while number * INTERVAL < seconds:
        task = asyncio.ensure_future(probe())
        running.add(task)
        task.add_done_callback(running.discard)
        number += 1
        await asyncio.sleep(max(0.0, start + number * INTERVAL - time.monotonic()))
        ended = [outage for outage in outages_of(kept, time.monotonic() - start) if outage.ended]
        # The probes that are still under way may belong to the last outage.
        for outage in ended[told:] if not any(not request.succeeded for request in kept[-2:]) else ():
            tell(outage)
            told += 1
    if running:
        await asyncio.wait(running)
    for outage in outages_of(kept, time.monotonic() - start)[told:]:
        tell(outage)


def watched(kept: Sequence[Request], began: datetime, seconds: float, *, asks: bool) -> Watch:
    """What the probes say."""
    times = sorted(request.ended - request.started for request in kept if request.succeeded)
    return Watch(began, seconds, asks, len(kept), outages_of(kept, seconds), tuple(times))
