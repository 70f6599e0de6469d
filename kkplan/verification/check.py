"""A check, for before or after the install."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module

from kkplan.cluster.site import Site
from kkplan.locale import Text
from kkplan.parts import part_names


class Outcome(str, Enum):
    """The outcome of a check."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Observation:
    """The result of a check at one place.

    Attributes:
        target: where, e.g. `172.16.0.10:6443`.
        what: what was seen there.
        advice: what to do about it; None if nothing is to be done.
    """

    outcome: Outcome
    target: str
    what: Text
    advice: Text | None = None


@dataclass(frozen=True)
class ProbeContext:
    """The context of the probes.

    Attributes:
        timeout: seconds for each probe.
    """

    site: Site
    timeout: float


@dataclass(frozen=True)
class Check:
    """A check.

    Attributes:
        name: for JSON.
        rank: its place in the report.
        title: for a person.
        run: looks; [] if there is nothing to check in this site.
        before: it belongs to the time before the install.
        after: it belongs to the time after it.
    """

    name: str
    rank: int
    title: Text
    run: Callable[[ProbeContext], Awaitable[Sequence[Observation]]]
    before: bool = False
    after: bool = False


@dataclass(frozen=True)
class Verified:
    """A check and its results."""

    check: Check
    seen: tuple[Observation, ...]


@cache
def checks() -> tuple[Check, ...]:
    """Every check, in the order of the report: the CHECK of each module in `checks/`."""
    package = import_module("kkplan.verification.checks")
    found: list[Check] = [import_module(f"{package.__name__}.{name}").CHECK for name in part_names(package)]
    return tuple(sorted(found, key=lambda check: check.rank))


async def verify(context: ProbeContext, *, after_install: bool) -> tuple[Verified, ...]:
    """Run all checks for before or after the install."""
    wanted = [check for check in checks() if (check.after if after_install else check.before)]
    seen = await asyncio.gather(*(check.run(context) for check in wanted))
    return tuple(Verified(check, tuple(found)) for check, found in zip(wanted, seen, strict=True) if found)
