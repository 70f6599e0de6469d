"""Insert and remove keys in a mapping written in flow style: {domain: lb.kubesphere.local, port: 6443}."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kkplan.document.edit import Piece
from kkplan.document.node import Entry, Mapping, Scalar
from kkplan.document.parse import Document
from kkplan.document.setting import Inserted, KeyOrder, Setting

_COMMA_BEHIND = re.compile(r"[ \t]*,[ \t]*")
_COMMA_BEFORE = re.compile(r",\s*\Z")


def remove_entry(document: Document, mapping: Mapping, entry: Entry) -> tuple[Piece, ...]:
    """Take the entry out, with the comma behind it, or else the one before it."""
    behind = _COMMA_BEHIND.match(document.text, entry.end)
    if behind:
        return (Piece(entry.start, behind.end(), ""),)
    before = _COMMA_BEFORE.search(document.text[mapping.start : entry.start])
    start = mapping.start + before.start() if before else entry.start
    return (Piece(start, entry.end, ""),)


def insert_keys(
    document: Document, order: KeyOrder, mapping: Mapping, settings: Sequence[Setting], leaving: Sequence[Entry]
) -> list[Inserted]:
    """Write the settings, sorted by the order, as new keys; `leaving` are entries that another edit takes out."""
    kept = [entry for entry in mapping.entries if entry not in leaving]
    like_json = quotes_keys(mapping)
    inserted = []
    for number, setting in enumerate(settings):
        text = setting.pair(like_json=like_json)
        if kept:
            piece = insert_text(order, mapping, kept, setting.key, text)
        else:
            inside = leaving[0].start if leaving else mapping.start + 1
            piece = Piece(inside, inside, text if number == 0 else ", " + text)
        inserted.append(Inserted(setting, document.line_of(piece.start), (piece,)))
    return inserted


def insert_text(order: KeyOrder, mapping: Mapping, entries: Sequence[Entry], key: str, text: str) -> Piece:
    """Put the text of a new entry behind its nearest earlier neighbour, else before the nearest later, else last."""
    before, behind = order.neighbours(key, entries)
    if before is None and behind is not None:
        return Piece(behind.start, behind.start, text + ", ")
    neighbour = before or (entries[-1] if entries else None)
    if neighbour is None:
        return Piece(mapping.start + 1, mapping.start + 1, text)
    return Piece(neighbour.end, neighbour.end, ", " + text)


def flow_text(settings: Sequence[Setting], *, like_json: bool = False) -> str:
    """A whole mapping in flow style."""
    return "{" + ", ".join(setting.pair(like_json=like_json) for setting in settings) + "}"


def quotes_keys(mapping: Mapping) -> bool:
    """JSON in a YAML file: its keys and texts are in double quotes, and new ones are to be too."""
    return any(isinstance(entry.key, Scalar) and entry.key.style == '"' for entry in mapping.entries[:1])
