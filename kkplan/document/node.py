"""The nodes of a parsed YAML file, each with its place in the text.

Offsets count characters of the decoded text (after a byte order mark), from 0; an end is exclusive. Mappings and lists are
views of a `Tree` and create their nodes on demand, because only a few values of thousands of hosts are ever read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from kkplan.document.tree import ALIAS, FLOW_KINDS, MAPPINGS, SCALARS, Tree

# How a reader of the file compares keys: equal results are the same key. `str` compares exact spellings.
Fold = Callable[[str], str]


class Scalar(NamedTuple):
    """One value.

    Attributes:
        start: where the value itself starts, after its anchor and tag; for an empty value, directly after its
            colon or dash.
        value: the text with quotes and escapes resolved.
        style: "" plain, "'", '"', "|" or ">".
        tag: the tag written in the file, "" for none.
        anchor: the anchor written in the file, "" for none.
        properties_start: where the anchor or tag starts; equal to start if there is none.
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
        """Whether nothing is written: YAML's null."""
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
        """Where the entry starts: at the key's anchor or tag, if it has one."""
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
    """Keys and values.

    Attributes:
        counting: cache of the effective entries, if it has merge keys.
    """

    __slots__ = ("counting",)

    def __init__(self, tree: Tree, index: int) -> None:
        super().__init__(tree, index)
        self.counting: tuple[Entry, ...] | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries in the order of the file."""
        if self._made is None:
            nodes = self._children()
            self._made = tuple(map(Entry, nodes[::2], nodes[1::2]))
        return self._made  # type: ignore[return-value]

    def find(self, key: str, fold: Fold = str) -> Entry | None:
        """The entry of the key in the mapping itself; of several spellings, the last in alphabetical order.

        Go sorts the keys when it writes a mapping as JSON, and then reads one over the other.
        """
        return _last_spelling(self.entries, key, fold)

    def scalars(self, *keys: str, fold: Fold = str) -> tuple[Scalar | None, ...]:
        """The scalars of these keys in this exact spelling; None for a key without one. Creates no other node.

        With merge keys or two spellings of a key, all are None: use `lookup`.
        """
        tree = self.tree
        children = tree.children[self.index]
        texts = [tree.texts[child] for child in children[::2]]
        if "<<" in texts or len({fold(str(text)) for text in texts}) < len(texts):
            return (None,) * len(keys)
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
    """The node with this index; always the same object for a mapping or list."""
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
    """The node itself, or the target of an alias."""
    while isinstance(node, Alias):
        node = node.target
    return node


def scalars_in(node: Node) -> Iterator[Scalar]:
    """Every scalar below the node, including keys, in no particular order. Aliases are not followed."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Mapping):
            waiting += [part for entry in node.entries for part in (entry.key, entry.value)]
        elif isinstance(node, Sequence):
            waiting += node.items


def name_of(entry: Entry) -> str:
    """The entry's key as a string; "" for a key that is itself a collection."""
    return entry.key.value if isinstance(entry.key, Scalar) else ""


def is_merge(entry: Entry) -> bool:
    """Whether it is a merge key: a plain `<<`."""
    return isinstance(entry.key, Scalar) and entry.key.value == "<<" and not entry.key.style


def merged_entries(mapping: Mapping) -> Iterator[Entry]:
    """The entries that `<<:` adds to the mapping, nearest first. Each source counts once, which defuses alias bombs."""
    waiting = [mapping]
    seen = {mapping.start}
    while waiting:
        for entry in waiting.pop().entries:
            if not is_merge(entry):
                continue
            for base in merge_sources(entry):
                if base.start not in seen:
                    seen.add(base.start)
                    waiting.append(base)
                    yield from base.entries


def entries_with_merged(mapping: Mapping) -> tuple[Entry, ...]:
    """The effective entries, as yaml.v2 reads the mapping: its own first, then those from `<<`.

    A merge key overrides the entries above it, and entries below it override those it adds. In a list of mappings, the
    first one takes precedence.
    """
    if not any(map(is_merge, mapping.entries)):
        return mapping.entries
    if mapping.counting is None:
        winners = _by_name(mapping)
        own = [entry for entry in mapping.entries if winners.get(_name_or_place(entry)) is entry]
        kept = set(map(id, own))
        brought = [entry for entry in winners.values() if id(entry) not in kept]
        mapping.counting = (*own, *brought)
    return mapping.counting


def _by_name(mapping: Mapping, *, merged_only: bool = False) -> dict[str | int, Entry]:
    found: dict[str | int, Entry] = {}
    for entry in mapping.entries:
        if is_merge(entry):
            for base in reversed(merge_sources(entry)):
                found.update((_name_or_place(each), each) for each in entries_with_merged(base))
        elif not merged_only:
            found[_name_or_place(entry)] = entry
    return found


def _name_or_place(entry: Entry) -> str | int:
    """Identity of an entry's key: equal for entries with the same key. Keys that are collections are never compared."""
    return entry.key.value if isinstance(entry.key, Scalar) else entry.key.start


def merge_sources(entry: Entry) -> list[Mapping]:
    """The mappings that a merge key adds, in the order of the file."""
    source = resolve_alias(entry.value)
    parts = source.items if isinstance(source, Sequence) else (source,)
    return [base for base in map(resolve_alias, parts) if isinstance(base, Mapping)]


def lookup(mapping: Mapping, key: str, fold: Fold = str) -> Entry | None:
    """The effective entry of the key: from the mapping itself, or from a merge key."""
    return _last_spelling(entries_with_merged(mapping), key, fold)


def merged(mapping: Mapping, key: str, fold: Fold = str) -> Entry | None:
    """The entry of the key from merge keys, ignoring the mapping's own."""
    if not any(map(is_merge, mapping.entries)):
        return None
    return _last_spelling(_by_name(mapping, merged_only=True).values(), key, fold)


def merge_with(mapping: Mapping, key: str, fold: Fold = str) -> Entry | None:
    """The last merge key that adds the key, and so overrides the key above it; None if there is none."""
    return next(
        (
            entry
            for entry in reversed(mapping.entries)
            if is_merge(entry) and any(lookup(base, key, fold) for base in merge_sources(entry))
        ),
        None,
    )


def _last_spelling(entries: Iterable[Entry], key: str, fold: Fold) -> Entry | None:
    """Of several spellings, a null is ignored if another has a value."""
    folded = fold(key)
    found = [entry for entry in entries if isinstance(entry.key, Scalar) and fold(entry.key.value) == folded]
    if len(found) < 2:
        return found[0] if found else None
    return max(found, key=lambda entry: (not _is_null(entry.value), name_of(entry)))


def _is_null(node: Node) -> bool:
    value = resolve_alias(node)
    return isinstance(value, Scalar) and not value.style and value.value in ("", "~", "null", "Null", "NULL")
