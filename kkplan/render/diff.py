"""A unified diff made from the known edits: minimal and in linear time (difflib is quadratic on such files)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from kkplan.document.edit import Piece
from kkplan.document.lines import LineChange, lines_of
from kkplan.render.format import OutputOptions
from kkplan.render.style import BOLD, CYAN, DIM, GREEN, RED, painted
from kkplan.visible import on_one_line

CONTEXT = 3
NO_NEWLINE = "\\ No newline at end of file\n"


def line_changes(text: str, pieces: Iterable[Piece]) -> list[LineChange]:
    """Which lines the pieces (sorted) touch, and which lines they become."""
    starts = list(accumulate((len(line) for line in lines_of(text)), initial=0))
    spans: list[tuple[int, int, int]] = []  # first line, line after the last, how many lines are added
    for piece in pieces:
        first, behind = _touched(starts, piece)
        more = piece.text.count("\n") - text.count("\n", piece.start, piece.end)
        if spans and first <= spans[-1][1]:
            start, end, sum_before = spans.pop()
            first, behind, more = start, max(end, behind), sum_before + more
        spans.append((first, behind, more))
    changes = []
    shift = 0
    for first, behind, more in spans:
        changes.append(LineChange(first, behind, first + shift, behind + shift + more))
        shift += more
    return changes


def _touched(starts: list[int], piece: Piece) -> tuple[int, int]:
    """The first line that the piece changes and the one after the last; equal for lines that are inserted."""
    count = len(starts) - 1
    first, last = _line_at(starts, piece.start), _line_at(starts, piece.end)
    keeps_lines_whole = not piece.text or piece.text.endswith("\n")
    if piece.start == starts[first] and piece.end == starts[last] and keeps_lines_whole:
        return first, last
    return min(first, count - 1), min(last + 1, count)


def _line_at(starts: list[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1


class Changed(NamedTuple):
    """A text before and after changes, of which only some lines are made.

    Attributes:
        line_count: how many lines the old text has.
        old: lines of the old text, from 0 and before the second number, with their line ends.
        new: what a change makes of its lines.
    """

    line_count: int
    old: Callable[[int, int], list[str]]
    new: Callable[[LineChange], list[str]]


def _header_name(name: str) -> str:
    """The name for patch(1), which ends it at a tab, or else at a space, and reads a quoted one as a C string."""
    shown = on_one_line(name)
    if shown != shown.strip():  # patch(1) would drop the spaces, and find another file
        shown = shown.replace(" ", r"\x20")
    return f"{'./' * shown.startswith(chr(34))}{shown}{chr(9) * (' ' in shown)}"


def unified(text: Changed, changes: list[LineChange], old_name: str, new_name: str) -> Iterator[str]:
    """The lines of a unified diff, with their line ends; empty where nothing changes."""
    if not changes:
        return
    yield f"--- {_header_name(old_name)}\n"
    yield f"+++ {_header_name(new_name)}\n"
    for group in _grouped(changes):
        first, last = group[0], group[-1]
        old_from, old_to = max(0, first.old_start - CONTEXT), min(text.line_count, last.old_end + CONTEXT)
        new_from = first.new_start - (first.old_start - old_from)
        new_to = last.new_end + (old_to - last.old_end)
        yield f"@@ -{_range(old_from, old_to)} +{_range(new_from, new_to)} @@\n"
        position = old_from
        for change in group:
            yield from _marked(" ", text.old(position, change.old_start))
            yield from _marked("-", text.old(change.old_start, change.old_end))
            yield from _marked("+", text.new(change))
            position = change.old_end
        yield from _marked(" ", text.old(position, old_to))


def _grouped(changes: list[LineChange]) -> Iterator[list[LineChange]]:
    group: list[LineChange] = []
    for change in changes:
        if group and change.old_start - group[-1].old_end > 2 * CONTEXT:
            yield group
            group = []
        group.append(change)
    yield group


def _range(start: int, end: int) -> str:
    count = end - start
    first = start + 1 if count else start
    return str(first) if count == 1 else f"{first},{count}"


def _marked(mark: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield mark + line if line.endswith("\n") else f"{mark}{line}\n"
        if not line.endswith("\n"):
            yield NO_NEWLINE


def painted_diff(lines: Iterable[str], options: OutputOptions) -> Iterator[str]:
    """The diff in the colours of a terminal."""
    for line in lines:
        if line.startswith(("---", "+++")):
            yield painted(line, BOLD, colour=options.colour)
        else:
            code = {"+": GREEN, "-": RED, "@": CYAN, "\\": DIM}.get(line[:1])
            yield painted(line, code, colour=options.colour) if code else line
