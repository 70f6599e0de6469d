"""The nodes of a parsed YAML file, each with the place in the text it stands at.

Offsets count characters of the decoded text (after a byte order mark), from 0; an end is exclusive. They are named tuples,
which are made four times as fast as frozen dataclasses: a config of 20,000 hosts has half a million of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Scalar(NamedTuple):
    """One value.

    Attributes:
        start: where the value itself starts, after its anchor and tag; for an empty value, right after what it
            belongs to (the colon, the dash).
        value: the text with quotes and escapes resolved.
        style: "" plain, "'", '"', "|" or ">".
        tag: the tag written in the file, "" for none.
        anchor: the anchor written in the file, "" for none.
        properties_start: where the anchor or tag starts; the same as start without them.
    """

    start: int
    end: int
    value: str
    style: str = ""
    tag: str = ""
    anchor: str = ""
    properties_start: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing is written: YAML's null."""
        return self.start == self.end


class Alias(NamedTuple):
    """`*name`: refers to the node that the anchor names."""

    start: int
    end: int
    target: Node


class Entry(NamedTuple):
    """A key and its value in a mapping."""

    key: Node
    value: Node

    @property
    def start(self) -> int:
        """Where the entry starts: at the key's anchor or tag, where it has one."""
        return self.key.properties_start if isinstance(self.key, Scalar) else self.key.start

    @property
    def end(self) -> int:
        """Where the entry's content ends, a comment after it not counted."""
        return max(self.key.end, self.value.end)


class Mapping(NamedTuple):
    """Keys and values in the order of the file; `end` is where the content of the last one ends."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    flow: bool
    anchor: str = ""

    def find(self, key: str) -> Entry | None:
        """The entry of that key as Go's encoding/json finds it: spelled exactly so, else in any case."""
        folded = key.casefold()
        loose: Entry | None = None
        for entry in self.entries:
            if isinstance(entry.key, Scalar):
                if entry.key.value == key:
                    return entry
                if loose is None and entry.key.value.casefold() == folded:
                    loose = entry
        return loose


class Sequence(NamedTuple):
    """A list."""

    start: int
    end: int
    items: tuple[Node, ...]
    flow: bool
    anchor: str = ""


Node = Scalar | Alias | Mapping | Sequence


def resolve_alias(node: Node) -> Node:
    """The node itself, or the one that an alias refers to."""
    while isinstance(node, Alias):
        node = node.target
    return node


def is_merge(entry: Entry) -> bool:
    """Whether it is a merge key: a plain `<<`."""
    return isinstance(entry.key, Scalar) and entry.key.value == "<<" and not entry.key.style


def merged_entries(mapping: Mapping) -> Iterator[Entry]:
    """The entries that `<<:` brings into the mapping, nearest first; each source counts once, so no bomb goes off."""
    waiting = [mapping]
    seen = {mapping.start}
    while waiting:
        for entry in waiting.pop().entries:
            if not is_merge(entry):
                continue
            source = resolve_alias(entry.value)
            for part in source.items if isinstance(source, Sequence) else (source,):
                base = resolve_alias(part)
                if isinstance(base, Mapping) and base.start not in seen:
                    seen.add(base.start)
                    waiting.append(base)
                    yield from base.entries


def entries_with_merged(mapping: Mapping) -> tuple[Entry, ...]:
    """The mapping's entries, and those that `<<` brings and no entry of its own overrides."""
    if not any(map(is_merge, mapping.entries)):
        return mapping.entries
    entries = [entry for entry in mapping.entries if not is_merge(entry)]
    taken = {_name(entry) for entry in entries}
    for entry in merged_entries(mapping):
        if not is_merge(entry) and _name(entry) not in taken:
            taken.add(_name(entry))
            entries.append(entry)
    return tuple(entries)


def _name(entry: Entry) -> str:
    return entry.key.value if isinstance(entry.key, Scalar) else ""


def lookup(mapping: Mapping, key: str) -> Entry | None:
    """The entry of the key in the mapping, or the one that a merge key brings in."""
    own = mapping.find(key)
    if own is not None:
        return own
    folded = key.casefold()
    for entry in merged_entries(mapping):
        if isinstance(entry.key, Scalar) and entry.key.value.casefold() == folded:
            return entry
    return None
