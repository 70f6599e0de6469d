"""Role group entries as KubeKey expands them (cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, getHostsRange)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_RANGE = re.compile(r"\[([0-9]+):([0-9]+)\]")
MAX_RANGE = 100_000


class RoleTrap(Enum):
    """What is wrong with an entry of a role group."""

    UNKNOWN_HOST = "names no host of spec.hosts: kk stops"
    UNREADABLE_RANGE = "has [, ] and : but is no range: kk panics"
    SUFFIX_DROPPED = "what stands behind the range is dropped"
    LEADING_ZEROS = "numbers lose their leading zeros"
    EMPTY_RANGE = "the range counts down: it is empty"
    RANGE_TOO_LONG = "the range is longer than any cluster"


@dataclass(frozen=True)
class RoleProblem:
    """An entry that KubeKey reads otherwise than it looks, or not at all."""

    trap: RoleTrap
    group: str
    entry: str
    line: int
    expands_to: tuple[str, ...] = ()


def expand(entry: str) -> tuple[tuple[str, ...], tuple[RoleTrap, ...]]:
    """The host names that an entry stands for, and how it misleads."""
    if not ("[" in entry and "]" in entry and ":" in entry):
        return (entry,), ()
    found = _RANGE.search(entry)
    if found is None:
        return (), (RoleTrap.UNREADABLE_RANGE,)
    prefix = entry.split(found.group(), 1)[0]
    first, last = int(found[1]), int(found[2])
    if last - first >= MAX_RANGE:
        return (), (RoleTrap.RANGE_TOO_LONG,)
    names = tuple(f"{prefix}{number}" for number in range(first, last + 1))
    return names, tuple(_range_traps(found, entry))


def _range_traps(found: re.Match[str], entry: str) -> Iterator[RoleTrap]:
    if found.end() < len(entry):
        yield RoleTrap.SUFFIX_DROPPED
    if any(len(number) > 1 and number.startswith("0") for number in found.groups()):
        yield RoleTrap.LEADING_ZEROS
    if int(found[1]) > int(found[2]):
        yield RoleTrap.EMPTY_RANGE
