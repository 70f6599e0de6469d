"""The nodes of a parsed YAML file, each with its place in the text.

Offsets count characters of the decoded text (after a byte order mark), from 0; an end is exclusive. A mapping and a list are
views of a `Tree` and make the nodes in them when they are asked for: of thousands of hosts only a few values are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from kkplan.document.tree import ALIAS, FLOW_KINDS, MAPPINGS, SCALARS, Tree

# What a reader of the file takes for the same key: `str` for keys that have to be spelled alike.
Fold = Callable[[str], str]


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
        """Where the entry's content ends; a comment after it does not count."""
        return max(self.key.end, self.value.end)


class _Collection:
    """A mapping or list in a tree.

    Attributes:
        index: which node of the tree it is.
        start: where it starts, after its anchor and tag.
        end: where its last content ends.
        flow: whether it is in flow style.
        anchor: the anchor written in the file, "" for none.
    """

    __slots__ = ("_made", "anchor", "end", "flow", "index", "start", "tree")

    def __init__(self, tree: Tree, index: int) -> None:
        self.tree = tree
        self.index = index
        self.start = tree.starts[index]
        self.end = tree.ends[index]
        kind, _, self.anchor = tree.kind_of(index)
        self.flow = kind in FLOW_KINDS
        self._made: tuple[Entry, ...] | tuple[Node, ...] | None = None

    def _children(self) -> list[Node]:
        tree = self.tree
        return [node_at(tree, child) for child in tree.children[self.index]]


class Mapping(_Collection):
    """Keys and values."""

    __slots__ = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries in the order of the file."""
        if self._made is None:
            nodes = self._children()
            self._made = tuple(map(Entry, nodes[::2], nodes[1::2]))
        return self._made  # type: ignore[return-value]

    def find(self, key: str, fold: Fold = str) -> Entry | None:
        """The entry whose key is spelled exactly so, else the first one that a folded spelling matches."""
        folded = fold(key)
        loose: Entry | None = None
        for entry in self.entries:
            if isinstance(entry.key, Scalar):
                if entry.key.value == key:
                    return entry
                if loose is None and fold(entry.key.value) == folded:
                    loose = entry
        return loose

    def scalars(self, *keys: str) -> tuple[Scalar | None, ...]:
        """The scalars of these keys, spelled exactly so; None for a key without one. Makes no other node."""
        if self._made is not None:
            found = (self.find(key) for key in keys)
            return tuple(entry.value if entry and isinstance(entry.value, Scalar) else None for entry in found)
        tree = self.tree
        children = tree.children[self.index]
        texts = [tree.texts[child] for child in children[::2]]
        scalars: list[Scalar | None] = []
        for key in keys:
            place = texts.index(key) * 2 if key in texts else -1
            is_plain = place >= 0 and tree.kinds[children[place]] in SCALARS
            value = node_at(tree, children[place + 1]) if is_plain else None
            scalars.append(value if isinstance(value, Scalar) else None)
        return tuple(scalars)


class Sequence(_Collection):
    """A list."""

    __slots__ = ()

    @property
    def items(self) -> tuple[Node, ...]:
        """Its items in the order of the file."""
        if self._made is None:
            self._made = tuple(self._children())
        return self._made  # type: ignore[return-value]


Node = Scalar | Alias | Mapping | Sequence


def node_at(tree: Tree, index: int) -> Node:
    """The node of that index; the same object each time for a mapping or list."""
    kind, tag, anchor = tree.kind_of(index)
    if kind in SCALARS:
        start, text = tree.starts[index], tree.texts[index]
        return Scalar(start, tree.ends[index], str(text), kind, tag, anchor, tree.properties.get(index, start))
    made: Node | None = tree.nodes.get(index)
    if made is None:
        made = tree.nodes[index] = _made(tree, index, kind)
    return made


def _made(tree: Tree, index: int, kind: str) -> Node:
    if kind == ALIAS:
        return Alias(tree.starts[index], tree.ends[index], node_at(tree, tree.targets[index]))
    return Mapping(tree, index) if kind in MAPPINGS else Sequence(tree, index)


def resolve_alias(node: Node) -> Node:
    """The node itself, or the one that an alias refers to."""
    while isinstance(node, Alias):
        node = node.target
    return node


def name_of(entry: Entry) -> str:
    """The entry's key as text; "" for a key that is itself a collection."""
    return entry.key.value if isinstance(entry.key, Scalar) else ""


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
    taken = {name_of(entry) for entry in entries}
    for entry in merged_entries(mapping):
        if not is_merge(entry) and name_of(entry) not in taken:
            taken.add(name_of(entry))
            entries.append(entry)
    return tuple(entries)


def lookup(mapping: Mapping, key: str, fold: Fold = str) -> Entry | None:
    """The entry of the key in the mapping, or the one that a merge key brings in."""
    return mapping.find(key, fold) or merged(mapping, key, fold)


def merged(mapping: Mapping, key: str, fold: Fold = str) -> Entry | None:
    """The entry of the key that a merge key brings in."""
    folded = fold(key)
    return next((entry for entry in merged_entries(mapping) if _is_named(entry, folded, fold)), None)


def _is_named(entry: Entry, folded: str, fold: Fold) -> bool:
    return isinstance(entry.key, Scalar) and fold(entry.key.value) == folded
