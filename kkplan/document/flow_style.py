"""Insert and remove keys in a mapping written in flow style: {domain: lb.kubesphere.local, port: 6443}."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kkplan.document.edit import Piece
from kkplan.document.node import Entry, Mapping, Scalar, merge_with
from kkplan.document.parse import Document
from kkplan.document.setting import Inserted, KeyOrder, New

# The comma may stand on a line of its own, behind comments.
_COMMA_BEHIND = re.compile(r"(?P<between>(?:\s|(?<=\s)#[^\n]*\n)*)(?P<comma>,)[ \t]*")


def remove_entry(document: Document, mapping: Mapping, entry: Entry) -> tuple[Piece, ...]:
    """Take the entry out, with the comma behind it, or else the one before it. Comments stay."""
    text = document.text
    start = _with_question_mark(text, entry)
    behind = _COMMA_BEHIND.match(text, entry.end)
    if behind:
        if not behind["between"].strip(" \t"):
            return (Piece(start, behind.end(), ""),)
        return (Piece(start, entry.end, ""), Piece(*behind.span("comma"), ""))
    position = mapping.entries.index(entry)
    before = _COMMA_BEHIND.match(text, mapping.entries[position - 1].end) if position else None
    if before is None:
        return (Piece(start, entry.end, ""),)
    if not text[before.end() : start].strip():
        return (Piece(before.start("comma"), entry.end, ""),)
    return (Piece(*before.span("comma"), ""), Piece(start, entry.end, ""))


_QUESTION_MARK = re.compile(r"\?\s+\Z")


def _with_question_mark(text: str, entry: Entry) -> int:
    """Where the entry starts: at the `?` before its key, if it has one."""
    found = _QUESTION_MARK.search(text[max(0, entry.start - 80) : entry.start])
    return entry.start - len(found.group()) if found else entry.start


def insert_keys(
    document: Document, order: KeyOrder, mapping: Mapping, parts: Sequence[New], leaving: Sequence[Entry]
) -> list[Inserted]:
    """Write the parts, sorted by the order, as new keys; `leaving` are entries that another edit takes out."""
    kept = [entry for entry in mapping.entries if entry not in leaving]
    like_json = quotes_keys(mapping)
    inserted = []
    for number, part in enumerate(parts):
        text = part.pair(like_json=like_json)
        if kept:
            merge = merge_with(mapping, part.key, order.fold)
            below = [entry for entry in kept if merge is None or entry.start >= merge.start]
            piece = insert_text(document.text, order, mapping, below, part.key, text)
        else:
            inside = _with_question_mark(document.text, leaving[0]) if leaving else mapping.start + 1
            piece = Piece(inside, inside, (text if number == 0 else ", " + text) + _blank_before(document.text, inside))
        inserted.append(Inserted(part, document.line_of(piece.start), (piece,)))
    return inserted


def insert_text(source: str, order: KeyOrder, mapping: Mapping, entries: Sequence[Entry], key: str, text: str) -> Piece:
    """Put the text of a new entry behind its nearest earlier neighbour, else before the nearest later, else last."""
    before, behind = order.neighbours(key, entries)
    if before is None and behind is not None:
        start = _with_question_mark(source, behind)
        return Piece(start, start, text + ", ")
    neighbour = before or (entries[-1] if entries else None)
    if neighbour is None:
        inside = mapping.start + 1
        return Piece(inside, inside, text + _blank_before(source, inside))
    # Right behind `key:`, a tag or an anchor a comma would be taken for a part of it; without a colon (`key`) there is none.
    value = neighbour.value
    is_bare = isinstance(value, Scalar) and value.is_empty and value.properties_start > neighbour.key.end
    blank = " " if is_bare else ""
    return Piece(neighbour.end, neighbour.end, f"{blank}, {text}{_blank_before(source, neighbour.end)}")


def _blank_before(source: str, offset: int) -> str:
    """A comment may follow a brace or a quote without a blank; behind a plain value it needs one."""
    return " " if source[offset : offset + 1] == "#" else ""


def quotes_keys(mapping: Mapping) -> bool:
    """JSON in a YAML file: its keys and texts are in double quotes, and new ones are to be too."""
    return any(isinstance(entry.key, Scalar) and entry.key.style == '"' for entry in mapping.entries[:1])
