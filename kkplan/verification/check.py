"""A check, for before or after the install."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
        hosts_files: node → the text of its /etc/hosts, for the nodes whose file was handed in.
    """

    site: Site
    timeout: float
    hosts_files: Mapping[str, str] = field(default_factory=dict)


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


def checks_for(*, after_install: bool) -> list[Check]:
    """The checks for before or after the install."""
    return [check for check in checks() if (check.after if after_install else check.before)]


async def verify(
    context: ProbeContext, wanted: Sequence[Check], ended: Callable[[], None] = lambda: None
) -> tuple[Verified, ...]:
    """Run the checks, all at once.

    Args:
        ended: called as each of them ends.
    """

    async def run(check: Check) -> Verified:
        found = await check.run(context)
        ended()
        return Verified(check, tuple(found))

    return tuple(one for one in await asyncio.gather(*map(run, wanted)) if one.seen)
