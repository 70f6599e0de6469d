"""The request path in characters that every terminal has: a column for each hop, arrows between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from kkplan.cluster.request_path import Hop, Mark, Node
from kkplan.locale import T
from kkplan.render.format import OutputOptions
from kkplan.render.style import DIM, RED, painted, width_of, wrapped
from kkplan.render.topology import shown_nodes

DEFAULT_WIDTH = 80
_INDENT = "  "
_NARROWEST = 14  # cells of a column, so that a long heading has few lines
_MARKS = {Mark.SINGLE: "! ", Mark.UNANSWERED: "x "}
_LEGEND = {
    Mark.SINGLE: T("! single point of failure"),
    Mark.IDLE: T("( ) receives no requests"),
    Mark.RANDOM: T("? picked at random"),
}


class _Column(NamedTuple):
    """A hop as lines.

    Attributes:
        rows: the row of each node's line that arrows come to.
        idle: those rows that no arrow comes to.
        is_local: each row of the column before leads to the same row of this one.
    """

    heading: tuple[str, ...]
    lines: tuple[str, ...]
    rows: tuple[int, ...]
    idle: frozenset[int]
    is_local: bool

    @property
    def width(self) -> int:
        return max(map(width_of, (*self.heading, *self.lines)))

    @property
    def reached(self) -> tuple[int, ...]:
        return tuple(row for row in self.rows if row not in self.idle)


def text_drawing(path: Sequence[Hop], options: OutputOptions) -> str | None:
    """The drawing, indented, a newline at the end; None where it is wider than the terminal, or there is no path."""
    columns = _columns(_merged(path))
    if not columns:
        return None
    height = max(len(column.lines) for column in columns)
    placed = [_placed(column, height) for column in columns]
    tall = max(len(column.heading) for column in columns)
    headings = [[*[""] * (tall - len(column.heading)), *column.heading] for column in columns]
    gaps = [_arrows(left, right, height) for left, right in pairwise(placed)]
    rows = [_row([lines[row] for lines in headings], [" " * 6] * len(gaps), columns) for row in range(tall)]
    rows += [
        _row([column.lines[row] for column in placed], [gap[row] for gap in gaps], columns) for row in range(height)
    ]
    legend = _legend(path)
    if max(map(width_of, (*rows, legend))) > (options.width or DEFAULT_WIDTH):
        return None
    lines = [painted(row, DIM, colour=options.colour) for row in rows[:tall]]
    lines += [_coloured(row, options) for row in rows[tall:]]
    lines += [painted(legend, DIM, colour=options.colour)] if legend else []
    return "".join(f"{line}\n" for line in lines)


def _coloured(row: str, options: OutputOptions) -> str:
    """The row with a node that has a mark in red."""
    for mark in _MARKS.values():
        before, arrow, node = row.rpartition(f"> {mark}")
        if arrow:
            return f"{before}> {painted(mark + node, RED, colour=options.colour)}"
    return row


def _merged(path: Sequence[Hop]) -> Iterator[Hop]:
    """The hops, but the name with the one place that it leads to, where that is not yet an API server."""
    waiting: Hop | None = None
    for number, hop in enumerate(path):
        is_name = len(hop.nodes) == 1 and hop.nodes[0].place.startswith("→")
        if is_name and number + 1 < len(path) - 1:
            waiting = hop
        elif waiting is not None:
            node = hop.nodes[0]
            yield hop._replace(nodes=(node._replace(name=waiting.nodes[0].name),))
            waiting = None
        else:
            yield hop


def _columns(path: Iterator[Hop]) -> list[_Column]:
    columns: list[_Column] = []
    count = 0
    for hop in path:
        nodes = shown_nodes(hop) * (count if hop.is_local else 1)
        columns.append(_column(str(hop.name), nodes, hop.is_local))
        count = len(nodes)
    return columns


def _column(heading: str, nodes: Sequence[Node], is_local: bool) -> _Column:
    lines: list[str] = []
    rows: list[int] = []
    idle: set[int] = set()
    for node in nodes:
        # One node may take several lines; of many each takes one.
        own = _tall(node) if len(nodes) == 1 else [_marked(node, node.text)]
        row = len(lines) + (1 if len(nodes) == 1 and _has_name_above(node) else 0)
        rows.append(row)
        if node.mark is Mark.IDLE:
            idle.add(row)
        lines += own
    width = max(_NARROWEST, *map(width_of, lines))
    return _Column(tuple(wrapped(heading, width).split("\n")), tuple(lines), tuple(rows), frozenset(idle), is_local)


def _has_name_above(node: Node) -> bool:
    """Whether requests go to the place below the name, not to the name that says where it leads."""
    return bool(node.name and node.place) and not node.place.startswith("→")


def _tall(node: Node) -> list[str]:
    parts = [part for part in (node.name, node.place) if part]
    return [*parts[:-1], _marked(node, parts[-1]), *node.servers] if parts else [""]


def _marked(node: Node, text: str) -> str:
    if node.mark is Mark.IDLE:
        return f"({text})"
    return _MARKS.get(node.mark, "") + text


def _placed(column: _Column, height: int) -> _Column:
    """The column in the middle of so many rows."""
    by = (height - len(column.lines)) // 2
    below = height - len(column.lines) - by
    return column._replace(
        lines=(*[""] * by, *column.lines, *[""] * below),
        rows=tuple(row + by for row in column.rows),
        idle=frozenset(row + by for row in column.idle),
    )


def _arrows(left: _Column, right: _Column, height: int) -> list[str]:
    """What is between two columns, row by row: lines from the left meet in one, from which arrows go to the right."""
    sources, targets = left.reached, right.reached
    if right.is_local or (len(sources) == 1 and sources == targets):
        return [" ---> " if row in sources else " " * 6 for row in range(height)]
    ends = (*sources, *targets)
    gaps = []
    for row in range(height):
        bus = "+" if row in ends else "|" if min(ends) < row < max(ends) else " "
        gaps.append(f" {'-' if row in sources else ' '}{bus}{'->' if row in targets else '  '} ")
    return gaps


def _row(cells: Sequence[str], gaps: Sequence[str], columns: Sequence[_Column]) -> str:
    """One line of the drawing; a line that leads on to an arrow fills the cell before it."""
    row = _INDENT
    for cell, column, gap in zip(cells, columns, (*gaps, ""), strict=True):
        fill = column.width - width_of(cell)
        leads_on = bool(cell) and fill > 0 and gap.startswith(" -")
        row += f"{cell} {'-' * fill}{gap[1:]}" if leads_on else f"{cell}{' ' * fill}{gap}"
    return row.rstrip()


def _legend(path: Sequence[Hop]) -> str:
    seen = {node.mark for hop in path for node in hop.nodes}
    words = [str(text) for mark, text in _LEGEND.items() if mark in seen]
    return f"{_INDENT}{'   '.join(words)}" if words else ""
