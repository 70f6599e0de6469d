"""An edit: what changes at which key, and the pieces of text that make the change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kkplan.document.scalar import Value


class Piece(NamedTuple):
    """Replace the characters from start to end (exclusive) by text; an insertion where both are the same."""

    start: int
    end: int
    text: str


class Edit(NamedTuple):
    """A change of one key.

    Attributes:
        path: the keys from the document's top to the changed one.
        line: its line, from 1; for a new key, the line on or below which it is written.
        before: the value in the file; None if the key is missing or null.
        after: the new value; None if the key is removed.
        pieces: the text changes.
    """

    path: tuple[str, ...]
    line: int
    before: Value
    after: Value
    pieces: tuple[Piece, ...]


def pieces_of(edits: Iterable[Edit]) -> list[Piece]:
    """The pieces of all edits in the order of the text; at one place, in the order of the edits.

    Of new lines at one place the deeper ones come first: they belong to what is above.
    """
    return in_order(piece for edit in edits for piece in edit.pieces)


def in_order(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces in the order of the text, as in `pieces_of`."""
    return sorted(pieces, key=lambda piece: (piece.start, piece.end, -_indentation(piece)))


def _indentation(piece: Piece) -> int:
    """Of new lines how deep the first one is; -1 for what goes into a line."""
    line = piece.text.lstrip("\r\n")
    is_line = piece.start == piece.end and (len(line) < len(piece.text) or line.endswith("\n"))
    return len(line) - len(line.lstrip(" ")) if is_line else -1


def splice(text: str, pieces: Iterable[Piece]) -> str:
    """The text with the pieces (sorted) applied; every other character is unchanged.

    Two that only delete may overlap: neighbours in flow style share a comma.
    """
    parts: list[str] = []
    done, deletes = 0, False
    for piece in pieces:
        if piece.start < done and not (deletes and not piece.text):
            raise ValueError(f"overlapping edits at {piece.start}")
        parts += (text[done : piece.start], piece.text)
        done, deletes = max(done, piece.end), not piece.text
    return "".join((*parts, text[done:]))
