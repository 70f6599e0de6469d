"""Keys as KubeKey 3 finds them: Go's encoding/json prefers the exact spelling, otherwise ignores case."""

from __future__ import annotations

from kkplan.document.node import Entry, Mapping, Node, Scalar, Sequence, entries_with_merged, name_of, resolve_alias
from kkplan.document.node import lookup as _lookup
from kkplan.document.scalar import Value, meaning

fold = str.casefold


def find(mapping: Mapping, key: str) -> Entry | None:
    """The entry of the key in the mapping itself."""
    return mapping.find(key, fold)


def lookup(mapping: Mapping, key: str) -> Entry | None:
    """The entry of the key in the mapping, or from a merge key."""
    return _lookup(mapping, key, fold)


def spellings(mapping: Mapping, key: str) -> list[Entry]:
    """The entries of the key in all its spellings, in the order in which Go reads one over the other."""
    found = [entry for entry in entries_with_merged(mapping) if fold(name_of(entry)) == fold(key)]
    return sorted(found, key=name_of)


def child(node: Node | None, key: str) -> Node | None:
    """The value of the key, with aliases resolved; None if the key is missing."""
    entry = lookup(node, key) if isinstance(node, Mapping) else None
    return resolve_alias(entry.value) if entry is not None else None


def value_of(node: Node | None) -> Value:
    """The value of a scalar; None for another node."""
    return meaning(node) if isinstance(node, Scalar) else None


def items_of(node: Node | None) -> tuple[Node, ...]:
    """The items of a list, with aliases resolved; empty for another node."""
    return tuple(resolve_alias(item) for item in node.items) if isinstance(node, Sequence) else ()
