"""Insert keys into a mapping in block style, uncomment keys, and comment keys out.

endpoint:
  # address: 172.16.0.10
  domain: lb.example.com
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as LookupTable
from typing import NamedTuple

from kkplan.document.edit import Piece
from kkplan.document.node import Entry, Mapping, Node, Scalar, merge_with
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.parse import Document
from kkplan.document.scalar import plain_meaning, written
from kkplan.document.setting import Branch, Inserted, KeyOrder, New, Setting

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
        header: its entry in the parent; None for a document's top mapping.
        mapping: None where it is null.
        column: the column that its keys are in.
        step: by how many columns the keys of a mapping in it are indented further.
    """

    document: Document
    header: Entry | None
    mapping: Mapping | None
    column: int
    step: int

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The existing keys."""
        return self.mapping.entries if self.mapping else ()

    @property
    def header_end(self) -> int:
        """After the line with the mapping's own key."""
        if self.header is None:
            return self.document.line_start(self.entries[0].start) if self.entries else 0
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
        return comment is not None and comment.end() - 1 - line_start >= self.column


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


def insert_keys(place: BlockPlace, order: KeyOrder, parts: Sequence[New]) -> list[Inserted]:
    """Write the parts, sorted by the order, as new keys: a commented-out one is turned on, the rest are new lines."""
    settings = [part for part in parts if isinstance(part, Setting)]
    turned_on = {order.fold(key): commented for key, commented in _turned_on(place, order, settings)}
    inserted = []
    for part in parts:
        commented = turned_on.get(order.fold(part.key))
        if commented is not None and isinstance(part, Setting):
            pieces = _turn_on(place, commented, part)
        else:
            offset = _offset_for(place, order, part, turned_on)
            pieces = (
                new_lines(place.document, offset, [" " * place.column + line for line in part.lines(place.step)]),
            )
        inserted.append(Inserted(part, place.document.line_of(max(0, pieces[0].start - 1)), pieces))
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


def _offset_for(place: BlockPlace, order: KeyOrder, part: New, turned_on: LookupTable[str, CommentedKey]) -> int:
    """Below the nearest earlier key, else above the nearest later one and its comments, else below the header.

    A mapping goes below the comments of the key above it, and where it has no neighbours to the end.
    """
    document, is_branch = place.document, isinstance(part, Branch)
    rank, top = order.rank(part.key), place.top_of(part.key, order)
    lines = {order.rank(entry.key.value): entry for entry in place.entries if isinstance(entry.key, Scalar)}
    for known in sorted({*lines, *map(order.rank, turned_on)}, reverse=True):
        if known < rank:
            commented = next((line for key, line in turned_on.items() if order.rank(key) == known), None)
            end = document.line_end(commented.key_start) if commented else _end_of(place, lines[known], is_branch)
            if end >= top:
                return end
    _, behind = order.neighbours(part.key, [entry for entry in place.entries if entry.start >= top])
    if behind is not None:
        line_start = document.line_start(behind.key.start)
        return line_start if is_branch else _above_own_comments(place, line_start)
    return _end_of(place, place.entries[-1], is_branch) if is_branch and place.entries else top


def _end_of(place: BlockPlace, entry: Entry, below_comments: bool) -> int:
    """After the entry's last line; after the deeper comments below it too where they are about keys in it."""
    document = place.document
    offset = document.line_end(_last_offset(document, entry))
    holds_lines = isinstance(entry.value, Mapping) and not entry.value.flow
    while (below_comments or holds_lines) and (comment := _COMMENT_LINE.match(document.text, offset)):
        if comment.end() - 1 - offset <= place.column:
            break
        offset = document.line_end(offset)
    return offset


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


def indentation_step(document: Document, mappings: Sequence[Mapping]) -> int:
    """By how many columns this file indents the keys of a mapping below the parent's keys; 2 where it does not tell.

    Args:
        mappings: from the document's top to the one that a mapping is to be written in; the nearest one tells.
    """
    for number in range(len(mappings) - 1, -1, -1):
        mapping = mappings[number]
        if mapping.flow or not mapping.entries:
            continue
        column = document.column_of(mapping.start)
        nested = (entry.value for entry in mapping.entries)
        steps = [document.column_of(each.start) - column for each in nested if _is_block(each)]
        if number:
            steps.append(column - document.column_of(mappings[number - 1].start))
        step = next((step for step in steps if step > 0), 0)
        if step:
            return step
    return 2


def _is_block(node: Node) -> bool:
    return isinstance(node, Mapping) and not node.flow and bool(node.entries)


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


def new_lines(document: Document, offset: int, lines: Sequence[str]) -> Piece:
    """Lines of their own at the offset, which is the start of a line or the end of a text without a last newline."""
    before = document.text[:offset]
    newline = "\r\n" if before.endswith("\r\n") else "\n" if before.endswith("\n") else document.newline
    if before and not before.endswith("\n"):
        return Piece(offset, offset, newline + newline.join(lines))
    return Piece(offset, offset, newline.join(lines) + newline)
