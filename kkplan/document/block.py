"""Find the mapping to edit, or the nearest existing one above it."""

from __future__ import annotations

from typing import NamedTuple

from kkplan.document import DocumentError
from kkplan.document.node import Entry, Fold, Mapping, Scalar, lookup, merged_entries, resolve_alias
from kkplan.document.odd_space import odd_space, space_in_words
from kkplan.document.parse import Document
from kkplan.document.scalar import meaning
from kkplan.document.setting import KeyOrder, KeysAt
from kkplan.locale import T

MAX_KEYS = 100


class Block(NamedTuple):
    """A mapping to edit, and its surroundings.

    Attributes:
        path: the keys from the document's top to it.
        above: the mappings on the path, from the top; empty for the top mapping itself.
        mapping: None if it is null.
        keys: path of a mapping → its keys in their usual order.
        fold: how the file's reader compares keys.
    """

    path: tuple[str, ...]
    above: tuple[Mapping, ...]
    mapping: Mapping | None
    keys: KeysAt
    fold: Fold

    @property
    def entry(self) -> Entry | None:
        """The mapping's entry in its parent; None for the top mapping and for one from a merge key."""
        return self.find_in(self.above[-1], self.path[-1]) if self.path else None

    @property
    def order(self) -> KeyOrder:
        """The order of the mapping's keys."""
        return KeyOrder(self.keys(self.path), self.fold)

    def find_in(self, mapping: Mapping, key: str) -> Entry | None:
        """The entry of the key in the mapping itself."""
        return mapping.find(key, self.fold)


def block_at(document: Document, root: int, path: tuple[str, ...], keys: KeysAt, fold: Fold = str) -> Block:
    """The mapping at the path, which may be null; if it is missing, the nearest one above it.

    Args:
        root: index of the YAML document in the file, from 0.

    Raises:
        DocumentError: a value on the path is not a mapping, or the mapping has too many keys.
    """
    mapping = document.roots[root]
    if not isinstance(mapping, Mapping):
        raise DocumentError(
            T("the top level is not a mapping. Write keys and values, one per line"), file=document.name
        )
    above: list[Mapping] = []
    for depth, key in enumerate(path):
        entry = lookup(mapping, key, fold)
        if entry is None:
            return Block(path[:depth], tuple(above), mapping, keys, fold)
        above.append(mapping)
        value = resolve_alias(entry.value)
        if isinstance(value, Scalar) and meaning(value) is None:
            return Block(path[: depth + 1], tuple(above), None, keys, fold)
        if not isinstance(value, Mapping):
            raise _no_mapping(document, key, entry)
        mapping = value
    _refuse_many(document, path, mapping)
    return Block(path, tuple(above), mapping, keys, fold)


def _no_mapping(document: Document, key: str, entry: Entry) -> DocumentError:
    message = T("{key} is not a mapping. Write keys and values under it, one per line", key=key)
    if space := odd_space(document.text[entry.value.start : entry.value.end]):
        message = T(
            "{key} is not a mapping: {what} instead of a plain space. Type the space again",
            key=key,
            what=space_in_words(space),
        )
    return DocumentError(message, file=document.name, line=document.line_of(entry.key.start))


def _refuse_many(document: Document, path: tuple[str, ...], mapping: Mapping) -> None:
    """Refuse too many keys: an edit reads all keys for each key, which is fast only for a few."""
    count = len(mapping.entries) + sum(1 for _ in merged_entries(mapping))
    if path and count > MAX_KEYS:
        raise DocumentError(
            T("{key} has more than {limit} keys; no config has that many", key=path[-1], limit=MAX_KEYS),
            file=document.name,
            line=document.line_of(mapping.start),
        )
