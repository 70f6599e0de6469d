"""The wanted value of a key of a mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from kkplan.document.edit import Piece
from kkplan.document.node import Entry, Fold, Mapping, Node, Scalar, lookup, name_of, resolve_alias
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.scalar import Value, meaning, written

# The keys from a document's top to a mapping → the keys of that mapping in their customary order.
KeysAt = Callable[[tuple[str, ...]], Sequence[str]]


class Setting(NamedTuple):
    """The wanted value of a key.

    Attributes:
        value: the wanted value; None to remove the key.
        accepts: equivalent values, which are left unchanged; None stands for a missing key.
        empty: value that overrides one from a merge key, to remove the key.
        quoted: whether a string in a new key gets double quotes.
        is_item: whether the key has a list, and the value is to be one of its items.
        is_any: whether a list or a mapping may be removed too, as a whole.
        is_empty_list: whether the key is to have an empty list; the value is how it is written.
    """

    key: str
    value: str | int | bool | None
    accepts: tuple[Value, ...] = ()
    empty: str = ""
    quoted: bool = False
    is_item: bool = False
    is_any: bool = False
    is_empty_list: bool = False

    def is_met_in(self, mapping: Mapping | None, fold: Fold = str) -> bool:
        """Whether the key already has the wanted value, in the mapping itself or from a merge key."""
        return self.is_met_at(lookup(mapping, self.key, fold) if mapping is not None else None)

    def is_met_at(self, entry: Entry | None) -> bool:
        """Whether the key's entry (None if missing) already has the wanted value."""
        if entry is None:
            return self.value is None
        value = resolve_alias(entry.value)
        if self.is_empty_list:
            return isinstance(value, SequenceNode) and not value.items
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

    def written(self, *, like_json: bool = False) -> str:
        """The value where the key is new."""
        if self.is_empty_list:
            return "[]"
        return written(self.inserted_value, '"' if self.quoted or like_json or self.value is None else "")

    def pair(self, *, like_json: bool = False) -> str:
        """`key: value` for a key that is new."""
        return f"{_written_key(self.key, like_json)}: {self.written(like_json=like_json)}"

    def lines(self, step: int) -> list[str]:
        """The same for block style."""
        return [self.pair()]

    def leaves(self) -> Iterator[tuple[tuple[str, ...], Setting]]:
        """The setting itself, and the path to it from the mapping that it is about."""
        yield (self.key,), self


class Items(NamedTuple):
    """A list that is new: its items, all of one key."""

    settings: tuple[Setting, ...]

    @property
    def key(self) -> str:
        """The list's key."""
        return self.settings[0].key

    def pair(self, *, like_json: bool = False) -> str:
        """`key: [value, value]`."""
        values = ", ".join(setting.written(like_json=like_json) for setting in self.settings)
        return f"{_written_key(self.key, like_json)}: [{values}]"

    def lines(self, step: int) -> list[str]:
        """The same for block style."""
        return [self.pair()]

    def leaves(self) -> Iterator[tuple[tuple[str, ...], Setting]]:
        """Each item and the path to it."""
        for number, setting in enumerate(self.settings):
            yield (item_step(self.key, number),), setting


class Branch(NamedTuple):
    """A mapping that is new, and what is in it."""

    key: str
    parts: tuple[New, ...]

    def pair(self, *, like_json: bool = False) -> str:
        """`key: {key: value, …}`."""
        return f"{_written_key(self.key, like_json)}: {flow_text(self.parts, like_json=like_json)}"

    def lines(self, step: int) -> list[str]:
        """The lines for block style; what is in it is indented by so many columns."""
        return [f"{self.key}:", *(" " * step + line for part in self.parts for line in part.lines(step))]

    def leaves(self) -> Iterator[tuple[tuple[str, ...], Setting]]:
        """Each value in it and the path to it."""
        for part in self.parts:
            yield from (((self.key, *path), setting) for path, setting in part.leaves())


New = Setting | Items | Branch


def flow_text(parts: Iterable[New], *, like_json: bool = False) -> str:
    """A whole mapping in flow style."""
    return "{" + ", ".join(part.pair(like_json=like_json) for part in parts) + "}"


def item_step(key: str, number: int) -> str:
    """An item of a list in a path, counted from 0."""
    return f"{key}[{number}]"


def _written_key(key: str, like_json: bool) -> str:
    return f'"{key}"' if like_json else key


class Inserted(NamedTuple):
    """What is new in a mapping: the line it comes to be on or below, and the pieces that write it."""

    part: New
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
