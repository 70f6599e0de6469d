"""What a client and the LB servers' NICs saw around a failure, and what follows from it. Times are in seconds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_HOLDINGS = 100  # that are kept: a hostile LB server can add and delete the VIP without end
HICCUP = 0.5  # seconds without an answer at the end of a watch that are no sign of a failure


@dataclass(frozen=True)
class Request:
    """One request of the client.

    Attributes:
        started, ended: on the monotonic clock.
        server: who answered; "" where nobody did in time.
    """

    started: float
    ended: float
    server: str

    @property
    def succeeded(self) -> bool:
        """Whether it was answered."""
        return bool(self.server)


@dataclass(frozen=True)
class Outage:
    """The longest time without an answered request.

    Attributes:
        seconds: between two answers; up to the end of the watch where no further one came.
        ended: whether answers came again.
        began: when the last answer before it came, by the clock of the requests.
    """

    seconds: float
    ended: bool
    began: float = 0.0


def longest_outage(requests: Sequence[Request], start: float, end: float, distance: float = 0.0) -> Outage:
    """The longest time between two answers that touches the watch from start to end; each answer counts when it came.

    The answer before the start counts as well: an outage begins with the last success.

    Args:
        distance: of two requests, at most.
    """
    answers = sorted(request.ended for request in requests if request.succeeded and request.ended <= end)
    before = bisect_left(answers, start)
    marks = [answers[before - 1] if before else start, *answers[before:], end]
    longest, began = max(((later - earlier, earlier) for earlier, later in pairwise(marks)), key=lambda gap: gap[0])
    since_last = end - marks[-2]
    return Outage(longest, since_last < longest or since_last <= HICCUP + distance, began)


def failed_requests(requests: Sequence[Request], start: float, end: float) -> int:
    """How many requests failed that began between start and end."""
    return sum(not request.succeeded and start <= request.started < end for request in requests)


def cut_requests(requests: Sequence[Request], began: float, done: float) -> int:
    """How many requests were under way while something was done, and failed: no load balancer could have saved them."""
    return sum(not request.succeeded and request.started < done and request.ended >= began for request in requests)


@dataclass(frozen=True)
class Holding:
    """The VIP on an LB server's NIC.

    Attributes:
        until: when it went; None where it is there still.
    """

    lb: str
    since: float
    until: float | None = None


def newest_holdings(holdings: Sequence[Holding]) -> list[Holding]:
    """As many as are kept: of those that have ended, the first go."""
    surplus = len(holdings) - MOST_HOLDINGS
    ended = [number for number, holding in enumerate(holdings) if holding.until is not None]
    dropped = set(ended[: max(0, surplus)])
    return [holding for number, holding in enumerate(holdings) if number not in dropped]


def holders_at(holdings: Sequence[Holding], moment: float) -> tuple[str, ...]:
    """The LB servers that held the VIP at that moment."""
    return tuple(
        holding.lb
        for holding in holdings
        if holding.since <= moment and (holding.until is None or holding.until > moment)
    )
