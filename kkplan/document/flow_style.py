"""Insert and remove keys in a mapping in flow style: {domain: lb.kubesphere.local, port: 6443}."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kkplan.document.edit import Piece
from kkplan.document.node import Entry, Mapping, Scalar, merge_with
from kkplan.document.parse import Document
from kkplan.document.setting import Inserted, KeyOrder, New

# The comma may be on a line of its own, after comments.
_COMMA_BEHIND = re.compile(r"(?P<between>(?:\s|(?<=\s)#[^\n]*\n)*)(?P<comma>,)[ \t]*")


def remove_entry(document: Document, mapping: Mapping, entry: Entry, leaving: Sequence[Entry]) -> tuple[Piece, ...]:
    """Remove the entry with one comma, so that the others are separated as before. Comments are kept.

    Args:
        leaving: all entries that an edit takes out, this one too: no comma is taken twice.
    """
    text, entries = document.text, mapping.entries
    position = entries.index(entry)
    stays_behind = any(one not in leaving for one in entries[position + 1 :])
    stays_before = any(one not in leaving for one in entries[:position])
    behind = _COMMA_BEHIND.match(text, entry.end)
    previous = entries[position - 1] if position else None
    # Without its comma, an empty value's colon or tag would run into what comes next.
    needs_comma = previous is not None and isinstance(previous.value, Scalar) and previous.value.is_empty
    starts_line = (
        behind and "\n" in behind["between"] and previous is not None and previous not in leaving and not needs_comma
    )
    ends_all = _COMMA_BEHIND.match(text, entries[-1].end)
    if behind and not starts_line and (stays_behind or not stays_before or ends_all):
        return tuple(_with_comma_behind(document, entry, behind, is_last=stays_before and not stays_behind))
    start = _with_question_mark(text, entry)
    before = _COMMA_BEHIND.match(text, previous.end) if previous is not None and not needs_comma else None
    if before is None:
        return (Piece(start, entry.end, ""),)
    if text[before.end() : start].strip():
        return (Piece(*before.span("comma"), ""), Piece(start, entry.end, ""))
    return (Piece(before.start("between" if not before["between"].strip() else "comma"), entry.end, ""),)


def _with_comma_behind(document: Document, entry: Entry, comma: re.Match[str], *, is_last: bool) -> Iterator[Piece]:
    """The pieces without an entry and the comma after it, and without the lines that only these are on.

    Args:
        is_last: what is before the entry stays and nothing after it: the blanks before the closing brace are the author's.
    """
    text, start = document.text, _with_question_mark(document.text, entry)
    left = len(text[:start].rstrip(" \t"))
    if comma["between"].strip():
        yield Piece(start, entry.end, "")
        yield Piece(*comma.span("comma"), "")
        return
    line, line_end = document.line_start(start), document.line_end(comma.end() - 1)
    ends_line = not text[comma.end() : line_end].strip()
    if ends_line and left == line:
        yield Piece(line, line_end, "")
    elif ends_line:
        yield Piece(left, comma.end(), "")
    elif is_last and left > line:
        yield Piece(left, comma.end("comma"), "")
    else:
        yield Piece(start, comma.end(), "")


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
    """Insert a new entry after its nearest earlier neighbour, or before the nearest later one, or last."""
    before, behind = order.neighbours(key, entries)
    if before is None and behind is not None:
        start = _with_question_mark(source, behind)
        return Piece(start, start, text + ", ")
    neighbour = before or (entries[-1] if entries else None)
    if neighbour is None:
        inside = mapping.start + 1
        return Piece(inside, inside, text + _blank_before(source, inside))
    # Directly after `key:`, a tag or an anchor, a comma would be read as part of it; `key` without a colon needs none.
    value = neighbour.value
    is_bare = isinstance(value, Scalar) and value.is_empty and value.properties_start > neighbour.key.end
    blank = " " if is_bare else ""
    return Piece(neighbour.end, neighbour.end, f"{blank}, {text}{_blank_before(source, neighbour.end)}")


def _blank_before(source: str, offset: int) -> str:
    """A space if a comment follows: it needs one after a plain value, though not after a brace or a quote."""
    return " " if source[offset : offset + 1] == "#" else ""


def quotes_keys(mapping: Mapping) -> bool:
    """Whether the mapping is JSON in a YAML file: keys and strings in double quotes, so new ones get them too."""
    return any(isinstance(entry.key, Scalar) and entry.key.style == '"' for entry in mapping.entries[:1])
