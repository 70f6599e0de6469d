"""Observations of a client and of the LB servers' NICs around a failure, and results. Times are in seconds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_HOLDINGS = 100  # kept at most: a hostile LB server can add and delete the VIP endlessly
HICCUP = 0.5  # seconds without an answer at the end of a watch that do not count as a failure


@dataclass(frozen=True)
class Request:
    """One request of the client.

    Attributes:
        started, ended: on the monotonic clock.
        server: the server that answered; "" if none did in time.
    """

    started: float
    ended: float
    server: str

    @property
    def succeeded(self) -> bool:
        """Whether the request was answered."""
        return bool(self.server)


@dataclass(frozen=True)
class Outage:
    """The longest time without an answered request.

    Attributes:
        seconds: between two answers, or until the end of the watch if no further answer came.
        ended: whether answers resumed.
        began: when the last answer before it came, by the clock of the requests.
    """

    seconds: float
    ended: bool
    began: float = 0.0


def longest_outage(requests: Sequence[Request], start: float, end: float, distance: float = 0.0) -> Outage:
    """The longest time between two answers that overlaps the watch from start to end, by the time of the answers.

    The last answer before the start counts too: an outage begins with the last success.

    Args:
        distance: maximum time between two requests.
    """
    answers = sorted(request.ended for request in requests if request.succeeded and request.ended <= end)
    before = bisect_left(answers, start)
    marks = [answers[before - 1] if before else start, *answers[before:], end]
    longest, began = max(((later - earlier, earlier) for earlier, later in pairwise(marks)), key=lambda gap: gap[0])
    since_last = end - marks[-2]
    return Outage(longest, since_last < longest or since_last <= HICCUP + distance, began)


def failed_requests(requests: Sequence[Request], start: float, end: float) -> int:
    """How many requests that started between start and end failed."""
    return sum(not request.succeeded and start <= request.started < end for request in requests)


def cut_requests(requests: Sequence[Request], began: float, done: float) -> int:
    """How many requests failed that were in flight during the action: no load balancer could have saved them."""
    return sum(not request.succeeded and request.started < done and request.ended >= began for request in requests)


@dataclass(frozen=True)
class Holding:
    """The VIP on an LB server's NIC.

    Attributes:
        until: when it was removed; None if it is still there.
    """

    lb: str
    since: float
    until: float | None = None


def newest_holdings(holdings: Sequence[Holding]) -> list[Holding]:
    """At most MOST_HOLDINGS: the oldest of the ended ones are dropped."""
    surplus = len(holdings) - MOST_HOLDINGS
    ended = [number for number, holding in enumerate(holdings) if holding.until is not None]
    dropped = set(ended[: max(0, surplus)])
    return [holding for number, holding in enumerate(holdings) if number not in dropped]


@dataclass(frozen=True)
class Sharing:
    """The longest time in which several LB servers held the VIP at once.

    Attributes:
        lbs: those that held it then, in the order of their beginnings; empty if only one ever did.
    """

    seconds: float = 0.0
    lbs: tuple[str, ...] = ()


def longest_sharing(holdings: Sequence[Holding], start: float, end: float) -> Sharing:
    """The longest time between start and end in which several LB servers held the VIP at once."""
    ends = [end if holding.until is None else holding.until for holding in holdings]
    moments = sorted({start, end, *(holding.since for holding in holdings), *ends})
    longest = current = Sharing()
    for earlier, later in pairwise(moment for moment in moments if start <= moment <= end):
        holders = dict.fromkeys(holders_at(holdings, earlier))
        names = tuple(dict.fromkeys((*current.lbs, *holders)))
        current = Sharing(current.seconds + later - earlier, names) if len(holders) > 1 else Sharing()
        longest = max(longest, current, key=lambda sharing: sharing.seconds)
    return longest


def holders_at(holdings: Sequence[Holding], moment: float) -> tuple[str, ...]:
    """The LB servers that held the VIP at that moment."""
    return tuple(
        holding.lb
        for holding in holdings
        if holding.since <= moment and (holding.until is None or holding.until > moment)
    )
