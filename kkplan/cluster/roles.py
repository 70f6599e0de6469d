"""Role group entries as KubeKey expands them (cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, getHostsRange)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from kkplan.document.place import Place

_RANGE = re.compile(r"\[([0-9]+):([0-9]+)\]")
MAX_RANGE = 100_000
MAX_NAMES = 200_000  # what all entries of all groups expand to; 20,000 hosts in five groups are half of it
MAX_DIGITS = 18  # what Go's strconv.Atoi reads in any case


class RoleTrap(Enum):
    """What is wrong with an entry of a role group."""

    UNKNOWN_HOST = "names no host of spec.hosts: kk stops"
    UNREADABLE_RANGE = "has [, ] and : but is no range: kk panics"
    SUFFIX_DROPPED = "what stands behind the range is dropped"
    LEADING_ZEROS = "numbers lose their leading zeros"
    EMPTY_RANGE = "the range counts down: it is empty"
    RANGE_TOO_LONG = "the range is longer than any cluster"

    @property
    def stops_kk(self) -> bool:
        """Whether kk ends at the entry, so that its group does not hold the hosts that were meant."""
        return self in (RoleTrap.UNKNOWN_HOST, RoleTrap.UNREADABLE_RANGE, RoleTrap.RANGE_TOO_LONG)


class RoleProblem(NamedTuple):
    """An entry that KubeKey reads otherwise than it looks, or not at all."""

    trap: RoleTrap
    group: str
    entry: str
    place: Place
    expands_to: tuple[str, ...] = ()


def expand(entry: str) -> tuple[tuple[str, ...], tuple[RoleTrap, ...]]:
    """The host names that an entry expands to, and how it misleads."""
    if not ("[" in entry and "]" in entry and ":" in entry):
        return (entry,), ()
    found = _RANGE.search(entry)
    if found is None:
        return (), (RoleTrap.UNREADABLE_RANGE,)
    prefix = entry.split(found.group(), 1)[0]
    digits = [number.lstrip("0") or "0" for number in found.groups()]  # of thousands of zeros Python makes no number
    if any(len(number) > MAX_DIGITS for number in digits):
        return (), (RoleTrap.RANGE_TOO_LONG,)
    first, last = map(int, digits)
    if last < first:
        return (), (RoleTrap.EMPTY_RANGE,)
    if last - first >= MAX_RANGE:
        return (), (RoleTrap.RANGE_TOO_LONG,)
    names = tuple(f"{prefix}{number}" for number in range(first, last + 1))
    return names, tuple(_range_traps(found, entry))


def _range_traps(found: re.Match[str], entry: str) -> Iterator[RoleTrap]:
    if found.end() < len(entry):
        yield RoleTrap.SUFFIX_DROPPED
    if any(len(number) > 1 and number.startswith("0") for number in found.groups()):
        yield RoleTrap.LEADING_ZEROS
