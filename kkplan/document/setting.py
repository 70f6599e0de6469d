"""The wanted value of a key of a mapping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kkplan.document.edit import Piece
from kkplan.document.node import Entry, Fold, Mapping, Node, Scalar, lookup, name_of, resolve_alias
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.scalar import Value, meaning, written


class Setting(NamedTuple):
    """The wanted value of a key.

    Attributes:
        value: the wanted value; None to remove the key.
        accepts: equivalent values, which are left unchanged; None stands for a missing key.
        empty: value that overrides one from a merge key, to remove the key.
        quoted: whether a string in a new key gets double quotes.
        is_item: whether the key has a list, and the value is to be one of its items.
    """

    key: str
    value: str | int | bool | None
    accepts: tuple[Value, ...] = ()
    empty: str = ""
    quoted: bool = False
    is_item: bool = False

    def is_met_in(self, mapping: Mapping | None, fold: Fold = str) -> bool:
        """Whether the key already has the wanted value, in the mapping itself or from a merge key."""
        return self.is_met_at(lookup(mapping, self.key, fold) if mapping is not None else None)

    def is_met_at(self, entry: Entry | None) -> bool:
        """Whether the key's entry (None if missing) already has the wanted value."""
        if entry is None:
            return self.value is None
        value = resolve_alias(entry.value)
        if self.is_item:
            return isinstance(value, SequenceNode) and any(self._is_met_by_node(item) for item in value.items)
        return self._is_met_by_node(value)

    def _is_met_by_node(self, node: Node) -> bool:
        value = resolve_alias(node)
        return isinstance(value, Scalar) and self.is_met_by(meaning(value))

    def is_met_by(self, value: Value) -> bool:
        """Whether the value needs no edit. 1 and True are not the same."""
        return any(value == wanted and type(value) is type(wanted) for wanted in (self.value, *self.accepts))

    @property
    def inserted_value(self) -> str | int | bool:
        """The value of a new key. Without a wanted value, the key is new only to override a merged one."""
        return self.empty if self.value is None else self.value

    def pair(self, *, like_json: bool = False) -> str:
        """`key: value` for a new key."""
        key = f'"{self.key}"' if like_json else self.key
        style = '"' if self.quoted or like_json or self.value is None else ""
        value = written(self.inserted_value, style)
        return f"{key}: [{value}]" if self.is_item else f"{key}: {value}"


class Inserted(NamedTuple):
    """A new key: its wanted value, the line on or below which it is written, and the pieces that write it."""

    setting: Setting
    line: int
    pieces: tuple[Piece, ...]


class KeyOrder:
    """The usual order of a mapping's keys."""

    def __init__(self, keys: Sequence[str], fold: Fold = str) -> None:
        self.fold = fold
        self._ranks = {fold(key): rank for rank, key in enumerate(keys)}

    def rank(self, key: str) -> int:
        """The key's index; the number of keys for a key that is not in the order."""
        return self._ranks.get(self.fold(key), len(self._ranks))

    def neighbours(self, key: str, entries: Iterable[Entry]) -> tuple[Entry | None, Entry | None]:
        """The nearest entry before the key in the order, and the nearest after it."""
        ranked = [(self.rank(name_of(entry)), entry) for entry in entries]
        own = self.rank(key)
        earlier = [pair for pair in ranked if pair[0] < own]
        later = [pair for pair in ranked if own < pair[0] < len(self._ranks)]
        before = max(earlier, key=lambda pair: pair[0])[1] if earlier else None
        behind = min(later, key=lambda pair: pair[0])[1] if later else None
        return before, behind
