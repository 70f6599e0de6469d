"""Insert keys into a mapping in block style, uncomment keys, and comment keys out.

endpoint:
  # address: 172.16.0.10
  domain: lb.example.com
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kkplan.document.edit import Piece
from kkplan.document.node import Entry, Mapping, Scalar, merge_with
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.parse import Document
from kkplan.document.scalar import plain_meaning, written
from kkplan.document.setting import Inserted, KeyOrder, Setting

# A commented-out key, its single value and the rest of the line; a sentence with a colon does not match.
_COMMENTED_KEY = re.compile(
    r"(?P<lead>[ \t]*#[#\t ]*)(?P<quote>[\"']?)(?P<key>[A-Za-z]+)(?P=quote):"
    r"(?:(?P<gap>[ \t]+)(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s#\"'][^\s]*))?"
    r"(?P<rest>[ \t]*(?:[ \t]#[^\n]*)?)\r?(?:\n|\Z)"
)
_KEEPS_BLANK_LINES = re.compile(r"[|>][1-9]?\+")
_COMMENT_LINE = re.compile(r"[ \t]*#")
_BLANK_LINE = re.compile(r"[ \t]*\r?(?:\n|\Z)")


class CommentedKey(NamedTuple):
    """A commented-out `# key: value` line of a block; the attributes are offsets of its parts."""

    key: str
    line_start: int
    key_start: int
    value_start: int
    value_end: int
    value: str

    @property
    def style(self) -> str:
        """The quotes of its value; "" for none."""
        return self.value[0] if self.value[:1] in ("'", '"') else ""

    def means(self, setting: Setting) -> bool:
        """Whether uncommenting it gives the wanted value in its usual form: not `port: 6443.0`."""
        value = self.value[1:-1] if self.style else plain_meaning(self.value)
        is_usual = isinstance(value, str) or self.value == written(setting.inserted_value)
        return bool(self.value) and is_usual and setting.is_met_by(value)


class BlockPlace(NamedTuple):
    """A block-style mapping, or the place of a null one.

    Attributes:
        header: its entry in the parent.
        mapping: None if it is null.
        column: the column of its keys.
    """

    document: Document
    header: Entry
    mapping: Mapping | None
    column: int

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The existing keys."""
        return self.mapping.entries if self.mapping else ()

    @property
    def header_end(self) -> int:
        """After the line with the mapping's own key."""
        value = self.header.value
        null_end = value.end if isinstance(value, Scalar) else self.header.key.end
        return self.document.line_end(max(self.header.key.end, null_end if self.mapping is None else 0))

    def top_of(self, key: str, order: KeyOrder) -> int:
        """The first line where the key may be written: below a merge key that has it."""
        merge = merge_with(self.mapping, key, order.fold) if self.mapping else None
        return self.header_end if merge is None else self.document.line_end(_last_offset(self.document, merge))

    def commented_keys(self) -> Iterator[CommentedKey]:
        """The commented-out keys of the block, from the top."""
        for line_start in self._own_lines():
            found = _COMMENTED_KEY.match(self.document.text, line_start)
            if found:
                end = found.end("quote") + len(found["key"] + found["quote"]) + 1
                value_start, value_end = found.span("value") if found["value"] else (end, end)
                yield CommentedKey(
                    found["key"], line_start, found.start("quote"), value_start, value_end, found["value"] or ""
                )

    def _own_lines(self) -> Iterator[int]:
        """The starts of the block's lines that are not inside a multi-line value."""
        text = self.document.text
        content_end = max((entry.end for entry in self.entries), default=0)
        position = self.header_end
        while position < len(text):
            inside = any(entry.key.start < position < entry.end for entry in self.entries)
            if position > content_end and not self._is_trailing_line(position):
                return
            if not inside and not self.is_of_nested_mapping(position):
                yield position
            position = self.document.line_end(position)

    def is_of_nested_mapping(self, line_start: int) -> bool:
        """Whether a comment below a key with nested keys is indented like these, and so belongs to them."""
        above = [entry.value for entry in self.entries if entry.end <= line_start]
        nested = above[-1] if above else None
        comment = _COMMENT_LINE.match(self.document.text, line_start)
        if comment is None or not isinstance(nested, Mapping) or nested.flow:
            return False
        return comment.end() - 1 - line_start >= self.document.column_of(nested.start)

    def _is_trailing_line(self, line_start: int) -> bool:
        """Whether a line below the last key is blank, or a comment indented like the block's keys."""
        text = self.document.text
        if _BLANK_LINE.match(text, line_start):
            return True
        comment = _COMMENT_LINE.match(text, line_start)
        return bool(comment) and comment.end() - 1 - line_start >= self.column if comment else False


def comment_out(document: Document, entry: Entry) -> tuple[Piece, ...]:
    """Comment out each line of the entry, in place."""
    line = document.text[document.line_start(entry.start) : entry.start]
    start = entry.start - len(line) + line.index("?") if line.strip() == "?" else entry.start
    column = document.column_of(start)
    pieces = [Piece(start, start, "# ")]
    last = document.line_of(_last_offset(document, entry))  # blank lines below a block scalar need no comment mark
    position = document.line_end(entry.key.start)
    while position < len(document.text) and document.line_of(position) <= last:
        # A quoted value may continue left of its key.
        line = document.text[position : position + column]
        indented = position + len(line) - len(line.lstrip(" \t"))
        pieces.append(Piece(indented, indented, "# "))
        position = document.line_end(position)
    return tuple(pieces)


def insert_keys(place: BlockPlace, order: KeyOrder, settings: Sequence[Setting]) -> list[Inserted]:
    """Write the settings as new keys, in order: uncomment a commented-out key, add new lines for the others."""
    turned_on = {order.fold(key): commented for key, commented in _turned_on(place, order, settings)}
    line_ends = {
        order.rank(entry.key.value): place.document.line_end(_last_offset(place.document, entry))
        for entry in place.entries
        if isinstance(entry.key, Scalar)
    }
    line_ends |= {order.rank(key): place.document.line_end(commented.key_start) for key, commented in turned_on.items()}
    inserted = []
    for setting in settings:
        commented = turned_on.get(order.fold(setting.key))
        if commented is not None:
            pieces = _turn_on(place, commented, setting)
        else:
            text = " " * place.column + setting.pair()
            pieces = (new_line(place.document, _offset_for(place, order, setting.key, line_ends), text),)
        inserted.append(Inserted(setting, place.document.line_of(max(0, pieces[0].start - 1)), pieces))
    return inserted


def _turned_on(place: BlockPlace, order: KeyOrder, settings: Sequence[Setting]) -> Iterator[tuple[str, CommentedKey]]:
    """Which commented-out line to use for each key: one that already has the wanted value, or the first."""
    candidates = list(place.commented_keys())
    for setting in settings:
        own = [
            line
            for line in candidates
            if order.fold(line.key) == order.fold(setting.key)
            and setting.value is not None
            and line.line_start >= place.top_of(setting.key, order)
        ]
        if own:
            yield setting.key, next((line for line in own if line.means(setting)), own[0])


def _turn_on(place: BlockPlace, commented: CommentedKey, setting: Setting) -> tuple[Piece, ...]:
    pieces = [Piece(commented.line_start, commented.key_start, " " * place.column)]
    if not commented.means(setting):
        value = written(
            setting.inserted_value, commented.style or ('"' if setting.quoted and not commented.value else "")
        )
        blank = "" if commented.value else " "
        pieces.append(Piece(commented.value_start, commented.value_end, blank + value))
    return tuple(pieces)


def _offset_for(place: BlockPlace, order: KeyOrder, key: str, line_ends: dict[int, int]) -> int:
    """Below the nearest earlier key, otherwise above the nearest later one and its comments, otherwise below the header."""
    rank, top = order.rank(key), place.top_of(key, order)
    earlier = [known for known, line_end in line_ends.items() if known < rank and line_end >= top]
    if earlier:
        return line_ends[max(earlier)]
    _, behind = order.neighbours(key, [entry for entry in place.entries if entry.start >= top])
    if behind is None:
        return top
    return _above_own_comments(place, place.document.line_start(behind.key.start))


def _above_own_comments(place: BlockPlace, line_start: int) -> int:
    """The start of the comment lines directly above the line, which belong to it."""
    document = place.document
    commented_keys = {commented.line_start for commented in place.commented_keys()}
    # An apparent comment may be text of a block scalar.
    entry_ends = (
        document.line_end(_last_offset(document, entry)) for entry in place.entries if entry.start < line_start
    )
    top = max(place.header_end, *entry_ends, 0)
    while line_start > top:
        above = document.line_start(line_start - 1)
        if not _COMMENT_LINE.match(document.text, above) or above in commented_keys:
            break
        if place.is_of_nested_mapping(above):
            break
        line_start = above
    return line_start


def insert_block(
    document: Document, siblings: KeyOrder, parent: Mapping, key: str, settings: Sequence[Setting]
) -> list[Inserted]:
    """Write a whole missing mapping into its block-style parent."""
    before, behind = siblings.neighbours(key, parent.entries)
    column = document.column_of(parent.start)
    inner = " " * (column + indentation_step(document, parent))
    if before is None and behind is not None:
        offset = document.line_start(behind.key.start)
    else:
        offset = _below_deeper_comments(document, before or parent.entries[-1], column)
    lines = [" " * column + key + ":", *(inner + setting.pair() for setting in settings)]
    line = document.line_of(max(0, offset - 1))
    header = new_line(document, offset, lines[0])
    pieces = [new_line(document, offset, text) for text in lines[1:]]
    return [
        Inserted(setting, line, (header, piece) if number == 0 else (piece,))
        for number, (setting, piece) in enumerate(zip(settings, pieces, strict=True))
    ]


def _below_deeper_comments(document: Document, entry: Entry, column: int) -> int:
    """After the entry's last line and the comment lines directly below it that are indented deeper than its key."""
    offset = document.line_end(_last_offset(document, entry))
    while comment := _COMMENT_LINE.match(document.text, offset):
        if comment.end() - 1 - offset <= column:
            break
        offset = document.line_end(offset)
    return offset


def indentation_step(document: Document, parent: Mapping) -> int:
    """How many columns this file indents the keys of a nested mapping; 2 if it has no example."""
    for entry in parent.entries:
        value = entry.value
        if isinstance(value, Mapping) and not value.flow and value.entries:
            step = document.column_of(value.start) - document.column_of(entry.start)
            if step > 0:
                return step
    return document.column_of(parent.start) or 2


def _last_offset(document: Document, entry: Entry) -> int:
    """Offset of the entry's last non-blank character; a block scalar with a plus keeps its blank lines."""
    node = entry.value
    while isinstance(node, (Mapping, SequenceNode)) and not node.flow:
        children = [child.value for child in node.entries] if isinstance(node, Mapping) else list(node.items)
        if not children:
            break
        node = children[-1]
    end = max(entry.key.end, node.end)
    if isinstance(node, Scalar) and _KEEPS_BLANK_LINES.match(document.text, node.start):
        return end - 1
    return entry.key.start + len(document.text[entry.key.start : end].rstrip()) - 1


def new_line(document: Document, offset: int, text: str) -> Piece:
    """A new line at the offset, which is the start of a line or the end of a text without a final newline."""
    before = document.text[:offset]
    newline = "\r\n" if before.endswith("\r\n") else "\n" if before.endswith("\n") else document.newline
    if before and not before.endswith("\n"):
        return Piece(offset, offset, newline + text)
    return Piece(offset, offset, text + newline)
