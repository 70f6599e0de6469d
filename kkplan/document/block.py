"""Find the mapping that a change is about, or the nearest one above it that is there."""

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
    """A mapping to edit, and what is around it.

    Attributes:
        path: the keys from the document's top to it.
        above: the mappings on the way, each with the key of the path in it; none for the top mapping.
        mapping: None where it is null.
        keys: the keys of each mapping in their customary order.
        fold: what the file's reader takes for the same key.
    """

    path: tuple[str, ...]
    above: tuple[Mapping, ...]
    mapping: Mapping | None
    keys: KeysAt
    fold: Fold

    @property
    def entry(self) -> Entry | None:
        """The mapping's entry in its parent; None where a merge key brings it in, and for the top mapping."""
        return self.find_in(self.above[-1], self.path[-1]) if self.path else None

    @property
    def order(self) -> KeyOrder:
        """The order of the mapping's keys."""
        return KeyOrder(self.keys(self.path), self.fold)

    def find_in(self, mapping: Mapping, key: str) -> Entry | None:
        """The entry of the key in the mapping itself."""
        return mapping.find(key, self.fold)


def block_at(document: Document, root: int, path: tuple[str, ...], keys: KeysAt, fold: Fold = str) -> Block:
    """The mapping at the path, be it null; where it is missing, the nearest one above it.

    Args:
        root: the number of the YAML document in the file, from 0.

    Raises:
        DocumentError: something else is in the place of a mapping, or it has more keys than any config.
    """
    mapping = document.roots[root]
    if not isinstance(mapping, Mapping):
        raise DocumentError(T("no mapping at the top. Write keys and values, one a line"), file=document.name)
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
    message = T("{key} is no mapping. Give it keys and values, one a line", key=key)
    if space := odd_space(document.text[entry.value.start : entry.value.end]):
        message = T(
            "{key} is no mapping: {what} in place of a plain one. Type the space again",
            key=key,
            what=space_in_words(space),
        )
    return DocumentError(message, file=document.name, line=document.line_of(entry.key.start))


def _refuse_many(document: Document, path: tuple[str, ...], mapping: Mapping) -> None:
    """An edit looks at all keys for each one, which is quick for the few that there can be."""
    count = len(mapping.entries) + sum(1 for _ in merged_entries(mapping))
    if path and count > MAX_KEYS:
        raise DocumentError(
            T("{key} has more than {limit} keys, which no config has", key=path[-1], limit=MAX_KEYS),
            file=document.name,
            line=document.line_of(mapping.start),
        )
