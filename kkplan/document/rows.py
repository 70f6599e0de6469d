"""The rows of long lists, such as thousands of hosts, read without the YAML parser where it can say only one thing.

A row is an item of a block-style list that stands on lines of its own and holds nothing but plain or quoted text:

- {name: node1, address: 172.16.0.2, password: "x"}   # or the same as a block mapping, or one text: - node1

Of each unbroken series of rows the parser sees the first and the last only. That is exact: a parser reads from left to
right, the first row leaves it in a list at the dash's column, and a row ends in the state it began in, whatever it holds.
`put_back` makes sure that it took the first and the last as neighbours in one list; else `parse` lets it read all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from kkplan.document.node import Alias, Entry, Mapping, Node, Scalar
from kkplan.document.node import Sequence as SequenceNode

FEWEST = 8  # rows in a series that are worth it
WORTH = 32  # lines with a dash in a file that are

# Text that YAML 1.1, YAML 1.2 and go-yaml agree on. In quotes neither escapes nor doubled quotes.
_KEY = r"[A-Za-z][A-Za-z0-9_-]{0,99}"  # of a longer one a parser may not know that it is a key
_VALUE = (
    r"(?:[A-Za-z0-9_/.~](?:[A-Za-z0-9_/.~@%+=-]|:(?=:?[A-Za-z0-9_/.~]))*"
    r'|"[ !#-\[\]-~]*"|\'[ -&(-~]*\')'
)
_LINE_END = r"[ ]*(?:(?<= )#[^\x00-\x1f\x7f]*)?\r?\n"
# What not every YAML reader takes for printable, or for no line break.
_ODD = "[\x80-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
_ROW = (
    rf"([ ]*)-[ ](?:"
    rf"(?P<flow>\{{{_KEY}:[ ]{_VALUE}(?:,[ ]{_KEY}:[ ]{_VALUE})*\}}){_LINE_END}"
    rf"|(?P<block>{_KEY}:[ ]{_VALUE}{_LINE_END}(?:\1[ ][ ]{_KEY}:[ ]{_VALUE}{_LINE_END})*)"
    rf"|(?P<text>{_VALUE}){_LINE_END})"
)
_FIRST = re.compile(r"^[ ]*-[ ](?=[^\s])", re.MULTILINE)
# Of a row that is one for certain.
_FLOW_PAIR = r"([^{,: ]+): (\"[^\"]*\"|'[^']*'|[^,}]+)"
_BLOCK_PAIR = r"([^: \r\n]+): (\"[^\"]*\"|'[^']*'|[^ \r\n]+)[ ]*(?:#[^\n]*)?"


# Compiled when there are rows: it takes as long as to read a hundred hosts.
@cache
def _row() -> re.Pattern[str]:
    return re.compile(_ROW)


@cache
def _pair(flow: bool) -> re.Pattern[str]:
    return re.compile(_FLOW_PAIR if flow else _BLOCK_PAIR)


class Series(NamedTuple):
    """Rows that follow each other at one column.

    Attributes:
        first, last: the offsets at which the first row's node and the last one's start, behind the dash.
        cut_start, cut_end: the lines between them, as offsets.
        nodes: the rows between them.
    """

    first: int
    last: int
    cut_start: int
    cut_end: int
    nodes: Sequence[Node]


def find_series(text: str) -> list[Series]:
    """Every series of rows that is long enough, in the order of the text."""
    found: list[Series] = []
    if len(_FIRST.findall(text)) < WORTH or (not text.isascii() and re.search(_ODD, text)):
        return found
    row = _row()
    position = 0
    while start := _FIRST.search(text, position):
        matches: list[re.Match[str]] = []
        position = start.start()
        while (match := row.match(text, position)) and (not matches or match[1] == matches[0][1]):
            matches.append(match)
            position = match.end()
        if len(matches) >= FEWEST:
            first, last = matches[0], matches[-1]
            nodes = [_node(match) for match in matches[1:-1]]
            found.append(Series(_start(first), _start(last), first.end(), last.start(), nodes))
            position = last.end()
        elif not matches:
            position = start.end()
    return found


def find_again(series: Sequence[Series], text: str, edited: str) -> list[Series]:
    """The series of a text in an edit of it, as far as the edit has left them alone. Their nodes keep their old places.

    Nothing is lost by that: whoever compares the edit with the text asks what nodes mean, and not where they are.
    """
    found: list[Series] = []
    position = 0
    for one in series:
        start = edited.find(text[one.first : one.last], position)
        if start >= 0:
            shift = start - one.first
            places = (one.first + shift, one.last + shift, one.cut_start + shift, one.cut_end + shift)
            found.append(Series(*places, one.nodes))
            position = one.last + shift
    return found


class Columns:
    """Reads the values of some keys from rows of the same shape, each at one look.

    Args:
        keys: those that are wanted.
    """

    def __init__(self, *keys: str) -> None:
        self._keys = keys
        self._shape: re.Pattern[str] | None = None

    def of(self, row: Row) -> tuple[str, ...] | None:
        """The values as they are written, quotes and all; None where a key is missing, or one stands twice."""
        found = self._shape.fullmatch(row.written) if self._shape is not None else None
        if found is None:
            names = [name for name, _ in row.pairs]
            if len(set(names)) < len(names) or not set(names).issuperset(self._keys):
                return None
            self._shape = _shape(tuple(names), self._keys, row.flow)
            found = self._shape.fullmatch(row.written)
        return found.group(*self._keys) if found is not None else None


@cache
def _shape(names: tuple[str, ...], wanted: tuple[str, ...], flow: bool) -> re.Pattern[str]:
    """Rows with these keys in this order. A value's first character tells where it ends, so there is one way to read it."""
    value = "\"[^\"]*\"|'[^']*'|[^\\s,}\"']+"
    between = ", " if flow else r"[ ]*(?:#[^\n]*)?\r?\n[ ]*"
    pairs = [f"{name}: (?{f'P<{name}>' if name in wanted else ':'}{value})" for name in names]
    return re.compile(r"\{" + between.join(pairs) + r"\}" if flow else between.join(pairs) + between)


class Skeleton:
    """The text without the lines that the series cut out, and the way back from its offsets to the text's."""

    def __init__(self, text: str, series: Sequence[Series]) -> None:
        kept = [0, *(offset for one in series for offset in (one.cut_start, one.cut_end)), len(text)]
        self.text = "".join(text[start:end] for start, end in zip(kept[::2], kept[1::2], strict=True))
        self._shifts = list(accumulate((one.cut_end - one.cut_start for one in series), initial=0))
        self._starts = [one.cut_start - shift for one, shift in zip(series, self._shifts, strict=False)]

    def offset(self, index: int) -> int:
        """The offset in the whole text of an offset in the skeleton."""
        return index + self._shifts[bisect_right(self._starts, index)]


class Row(Mapping):
    """A mapping of plain and quoted texts that makes its entries from its own text when they are asked for.

    Thousands of hosts are mostly not asked for more than two of their keys.
    """

    __slots__ = ()

    @classmethod
    def of(cls, start: int, written: str, flow: bool) -> Row:
        """The row whose text starts at the offset, the dash left out."""
        return tuple.__new__(cls, (start, written, (), flow, ""))

    @property
    def written(self) -> str:
        """Its text, up to the line end."""
        return self[1]  # type: ignore[return-value] # where other mappings have their end

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The keys and values in the order of the file."""
        return tuple(self._entry(pair) for pair in _pair(self.flow).finditer(self.written))

    @property
    def end(self) -> int:
        """Behind the brace, or the last value."""
        if self.flow:
            return self.start + len(self.written)
        return self.start + max(pair.end(2) for pair in _pair(self.flow).finditer(self.written))

    def find(self, key: str) -> Entry | None:
        """The entry of that key as `Mapping.find` has it; without entries for the others."""
        folded = key.casefold()
        return super().find(key) if any(name.casefold() == folded for name, _ in self.pairs) else None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The keys and their values as they are written, quotes and all."""
        return _pair(self.flow).findall(self.written)

    @property
    def repeats(self) -> bool:
        """Whether a key stands twice."""
        pairs = self.pairs
        return len(dict(pairs)) < len(pairs)

    def _entry(self, pair: re.Match[str]) -> Entry:
        return Entry(_scalar(pair[1], self.start + pair.start(1)), _scalar(pair[2], self.start + pair.start(2)))


def put_back(skeleton: Skeleton, series: Sequence[Series], roots: Sequence[Node | None]) -> Restored | None:
    """The skeleton's nodes at their places in the whole text, the rows among them.

    None where a series is no part of one list: what looks like rows is the text of something else.
    """
    restored = Restored(skeleton, series)
    restored.roots = [restored.node(root) if root is not None else None for root in roots]
    return restored if not restored.waiting else None


class Restored:
    """Nodes of a skeleton turned into those of the whole text; the same node into the same."""

    def __init__(self, skeleton: Skeleton, series: Sequence[Series]) -> None:
        self.offset = skeleton.offset
        self.waiting = {one.first: one for one in series}
        self.roots: list[Node | None] = []
        self._done: dict[int, Node] = {}

    def node(self, node: Node) -> Node:
        """The node in the whole text."""
        done = self._done.get(id(node))
        if done is None:
            done = self._done[id(node)] = self._moved(node)
        return done

    def _moved(self, node: Node) -> Node:
        start, end = self.offset(node.start), self.offset(node.end)
        if isinstance(node, Scalar):
            return node._replace(start=start, end=end, properties_start=self.offset(node.properties_start))
        if isinstance(node, Alias):
            return Alias(start, end, self.node(node.target))
        if isinstance(node, Mapping):
            entries = tuple(Entry(self.node(key), self.node(value)) for key, value in node.entries)
            return Mapping(start, end, entries, node.flow, node.anchor)
        items = tuple(self._items(node))
        return SequenceNode(start, end, items, node.flow, node.anchor)

    def _items(self, node: SequenceNode) -> Iterator[Node]:
        """The items, with the rows that the parser did not see between the first and the last of them."""
        items = [self.node(item) for item in node.items]
        for item, following in zip(items, [*items[1:], None], strict=False):  # an empty list has none
            yield item
            series = self.waiting.get(item.start)
            if series is not None and following is not None and following.start == series.last and not node.flow:
                del self.waiting[item.start]
                yield from series.nodes


def _scalar(written: str, start: int) -> Scalar:
    end = start + len(written)
    if written[0] in "\"'":
        return Scalar(start, end, written[1:-1], written[0], "", "", start)
    return Scalar(start, end, written, "", "", "", start)


def _start(match: re.Match[str]) -> int:
    return match.end(1) + len("- ")


def _node(match: re.Match[str]) -> Node:
    kind = match.lastgroup or ""
    start = match.start(kind)
    if kind == "text":
        return _scalar(match[kind], start)
    return Row.of(start, match[kind], kind == "flow")
