"""Role groups as KubeKey reads them (cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GroupHosts and getHostsRange)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from kkplan.document import DocumentError
from kkplan.document.node import Mapping, Scalar, entries_with_merged, name_of, resolve_alias
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.document.scalar import is_null
from kkplan.kubekey3.keys import items_of
from kkplan.locale import T
from kkplan.nearest import CLOSE, nearest

# KubeKey reads both names and merges them, master's hosts first (cluster_types.go, GroupHosts).
CONTROL_PLANE_GROUPS = ("master", "control-plane")
# Groups that kk looks up by name (cluster_types.go: ETCD, Master, ControlPlane, Worker, Registry).
ROLE_GROUPS = ("etcd", *CONTROL_PLANE_GROUPS, "worker", "registry")
NODES = "k8s"  # the role of every node; its hosts join like workers (kube_runtime.go, NewKubeRuntime)
_OTHER_WORDS = {"node": "worker", "nodes": "worker", "agent": "worker", "agents": "worker", "server": "control-plane"}

_RANGE = re.compile(r"\[([0-9]+):([0-9]+)\]")
MAX_RANGE = 100_000
MAX_NAMES = 200_000  # names in all groups after expansion; 20,000 hosts in five groups are half of it
MAX_DIGITS = 18  # what Go's strconv.Atoi always reads


class RoleTrap(Enum):
    """What is wrong with an entry of a role group."""

    UNKNOWN_HOST = "not in spec.hosts: kk stops"
    UNREADABLE_RANGE = "has [, ] and : but is not a range: kk panics"
    SUFFIX_DROPPED = "the text after the range is ignored"
    LEADING_ZEROS = "leading zeros are dropped"
    EMPTY_RANGE = "the range counts down: it is empty"
    RANGE_TOO_LONG = "the range is longer than any cluster"

    @property
    def stops_kk(self) -> bool:
        """Whether kk stops at the entry, so that its group lacks the intended hosts."""
        return self in (RoleTrap.UNKNOWN_HOST, RoleTrap.UNREADABLE_RANGE, RoleTrap.RANGE_TOO_LONG)


class RoleProblem(NamedTuple):
    """An entry that KubeKey expands in an unexpected way, or cannot read."""

    trap: RoleTrap
    group: str
    entry: str
    place: Place
    expands_to: tuple[str, ...] = ()


class _Read(NamedTuple):
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    places: tuple[tuple[str, Place], ...]
    problems: tuple[RoleProblem, ...]


class RoleGroups(_Read):
    """The role groups of a Cluster.

    Attributes:
        groups: role group → names of its hosts in KubeKey's order, with ranges expanded.
        places: role group → its key in the file.
        problems: the entries with a problem.
    """

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        return dict(self.groups)

    def names_in(self, *groups: str) -> tuple[str, ...]:
        """The names of the hosts in these groups, in this order, each once."""
        return tuple(dict.fromkeys(name for group in groups for name in self._names.get(group, ())))

    def place_of(self, *groups: str) -> Place | None:
        """The place of the first of these groups in the file; None if there is none."""
        places = dict(self.places)
        return next((places[group] for group in groups if group in places), None)

    def unknown(self) -> dict[str, Place]:
        """The groups that kk does not look up → their keys in the file."""
        return {group: place for group, place in self.places if group not in (*ROLE_GROUPS, NODES)}

    def is_misspelled(self, *groups: str) -> bool:
        """Whether none of these groups has hosts, and another one was probably meant to be one of them."""
        return not self.names_in(*groups) and any(meant_group(group) in groups for group in self.unknown())

    def stops_at(self, *groups: str) -> bool:
        """Whether kk stops at an entry of these groups, so that they lack the intended hosts."""
        return any(problem.group in groups and problem.trap.stops_kk for problem in self.problems)


def meant_group(name: str) -> str | None:
    """The role group that someone probably meant who wrote this one, which kk does not know; None if it is not clear."""
    folded = name.casefold().replace("_", "-")
    return _OTHER_WORDS.get(folded) or nearest(folded, ROLE_GROUPS, CLOSE)


def read_role_groups(document: Document, mappings: Sequence[Mapping], known: Container[str]) -> RoleGroups:
    """The role groups in the mappings; a later mapping overrides an earlier one.

    Args:
        known: names of the hosts.

    Raises:
        DocumentError: they expand to more hosts than any cluster has.
    """
    found = {name_of(entry): entry for mapping in mappings for entry in entries_with_merged(mapping)}
    entries = tuple(found.values())
    problems: list[RoleProblem] = []
    groups = []
    count = 0
    for entry in entries:
        group, names = name_of(entry), list[str]()
        for item in items_of(resolve_alias(entry.value)):
            if isinstance(item, Scalar):
                written = "" if is_null(item) else item.value
                expanded, traps = expand(written)
                count += len(expanded) + 1
                if count > MAX_NAMES:
                    message = T(
                        "roleGroups expand to more than {limit} hosts, more than any cluster has", limit=MAX_NAMES
                    )
                    raise DocumentError(message, file=document.name, line=document.line_of(item.start))
                unknown = tuple(name for name in expanded if name not in known)
                traps += (RoleTrap.UNKNOWN_HOST,) * bool(unknown)
                for trap in traps:
                    concerned = unknown if trap is RoleTrap.UNKNOWN_HOST else expanded
                    problems.append(RoleProblem(trap, group, written, document.place_of(item), concerned))
                names += (name for name in expanded if name in known)
        groups.append((group, tuple(names)))
    places = tuple((name_of(entry), document.place_of(entry.key)) for entry in entries)
    return RoleGroups(tuple(groups), places, tuple(problems))


def expand(entry: str) -> tuple[tuple[str, ...], tuple[RoleTrap, ...]]:
    """The host names that an entry expands to, and its problem, if any."""
    if not ("[" in entry and "]" in entry and ":" in entry):
        return (entry,), ()
    found = _RANGE.search(entry)
    if found is None:
        return (), (RoleTrap.UNREADABLE_RANGE,)
    prefix = entry.split(found.group(), 1)[0]
    # Python refuses to convert thousands of zeros to a number.
    digits = [number.lstrip("0") or "0" for number in found.groups()]
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
