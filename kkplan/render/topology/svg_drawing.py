"""The request path as SVG: a row of boxes for each hop, from the kubelets at the top to the API servers.

Colours come from the page by classes, so that a drawing is right on light, dark and paper. Lengths are CSS pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kkplan.cluster.request_path import Hop, Mark, Node
from kkplan.locale import T, Text
from kkplan.render.html import Markup, element
from kkplan.render.style import shortened, width_of
from kkplan.render.topology import shown_nodes

NARROW = 580  # what fits beside another drawing
_GAP = 12
_BETWEEN = 46
_PADDING = 11
_MARGIN = 10
_LONGEST = 44  # cells of a text; a title holds the rest
# Class of a line → its height, and the width of a cell.
_LINES = {"role": (16, 6.2), "name": (19, 8.6), "place": (17, 7.3), "note": (17, 6.4)}
_NOTES = {
    Mark.SINGLE: T("single point of failure"),
    Mark.IDLE: T("receives no requests"),
    Mark.RANDOM: T("picked at random"),
}
MOST_KUBELETS = 3  # in the first row, where only their number matters


@dataclass(frozen=True)
class _Box:
    """A node with its lines (class, text), and the boxes of its servers; x is its middle, `least` its width at least."""

    node: Node
    lines: tuple[tuple[str, str], ...]
    x: float = 0
    y: float = 0
    least: float = 92

    @property
    def width(self) -> float:
        widths = [width_of(text) * _LINES[kind][1] + 2 * _MARGIN for kind, text in self.lines]
        inner = [_server_width(server) for server in self.node.servers]
        return max(self.least, *widths, sum(inner) + _GAP * (len(inner) + 1))

    @property
    def height(self) -> float:
        return sum(_LINES[kind][0] for kind, _ in self.lines) + 2 * _PADDING + (58 if self.node.servers else 0)


@dataclass(frozen=True)
class Drawing:
    """An SVG element.

    Attributes:
        width: of the drawing as it is meant.
    """

    svg: Markup
    width: float


def svg_drawing(path: Sequence[Hop], title: Text, least: float = 0) -> Drawing | None:
    """The drawing with its title and, for a screen reader, the path in words; None where there is no path.

    Args:
        least: how wide it is at least: two drawings of one width keep one scale.
    """
    rows = _rows(path)
    if not rows:
        return None
    width = max(least, *(sum(box.width for box in row) + _GAP * (len(row) - 1) + 4 for row in rows))
    placed = _placed(rows, width)
    height = max(box.y + box.height for box in placed[-1]) + 2
    parts: list[Markup] = []
    for (above, below), hop in zip(pairwise(placed), path[1:], strict=True):
        parts += _arrows(above, below, is_local=hop.is_local)
    parts += [part for row in placed for box in row for part in _box(box)]
    words = " → ".join(f"{hop.name}: {', '.join(hop.places)}" for hop in path)
    svg = element(
        "svg",
        element("title", title),
        element("desc", words),
        parts,
        role="img",
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        class_="topology",
    )
    return Drawing(svg, width)


def _rows(path: Sequence[Hop]) -> list[list[_Box]]:
    rows: list[list[_Box]] = []
    for hop in path:
        nodes = shown_nodes(hop, MOST_KUBELETS) if not rows else shown_nodes(hop)
        if hop.is_local:
            nodes = nodes * len(rows[-1])
        row = [_Box(node, tuple(_lines(hop, node))) for node in nodes]
        if hop.is_local:  # each below its own
            widths = [max(one.width, other.width) for one, other in zip(rows[-1], row, strict=True)]
            rows[-1], row = (
                [replace(box, least=width) for box, width in zip(boxes, widths, strict=True)]
                for boxes in (rows[-1], row)
            )
        rows.append(row)
    return rows


def _lines(hop: Hop, node: Node) -> Iterator[tuple[str, str]]:
    yield "role", str(hop.name)
    for kind, text in (("name", node.name), ("place", node.place)):
        if text:
            yield kind, _short(text)
    if node.mark in _NOTES:
        yield "note", str(_NOTES[node.mark])


def _short(text: str) -> str:
    return shortened(text, _LONGEST)


def _placed(rows: Sequence[Sequence[_Box]], width: float) -> list[list[_Box]]:
    placed: list[list[_Box]] = []
    y = 2.0
    for row in rows:
        x = (width - sum(box.width for box in row) - _GAP * (len(row) - 1)) / 2
        boxes = []
        for box in row:
            boxes.append(replace(box, x=x + box.width / 2, y=y))
            x += box.width + _GAP
        placed.append(boxes)
        y += max(box.height for box in row) + _BETWEEN
    return placed


def _arrows(above: Sequence[_Box], below: Sequence[_Box], *, is_local: bool) -> Iterator[Markup]:
    """Lines that meet halfway and part again; straight ones where each box has its own below it."""
    targets = [box for box in below if box.node.mark is not Mark.IDLE]
    sources = [box for box in above if box.node.mark is not Mark.IDLE]
    is_cut = any(box.node.mark is Mark.UNANSWERED for box in targets)
    kind = "link cut" if is_cut else "link"
    top = below[0].y
    if is_local:
        for one, other in zip(above, below, strict=True):
            yield element("path", d=f"M{one.x:g} {one.y + one.height:g}V{top - 7:g}", class_=kind)
            yield _head(other.x, top, is_cut)
        return
    middle = top - _BETWEEN / 2
    ends = [box.x for box in (*sources, *targets)]
    for box in sources:
        yield element("path", d=f"M{box.x:g} {box.y + box.height:g}V{middle:g}", class_=kind)
    if min(ends) < max(ends):
        yield element("path", d=f"M{min(ends):g} {middle:g}H{max(ends):g}", class_=kind)
    for box in targets:
        yield element("path", d=f"M{box.x:g} {middle:g}V{top - 7:g}", class_=kind)
        yield _head(box.x, top, is_cut)


def _head(x: float, y: float, is_cut: bool) -> Markup:
    """The head of an arrow; a cross where nobody answers."""
    if is_cut:
        return element("path", d=f"M{x - 6:g} {y - 17:g}l12 12m0 -12l-12 12", class_="cross")
    return element("path", d=f"M{x - 5:g} {y - 9:g}L{x:g} {y - 1:g}L{x + 5:g} {y - 9:g}Z", class_="head")


def _box(box: _Box) -> Iterator[Markup]:
    left = box.x - box.width / 2
    full = element("title", box.node.text) if box.node.text else None
    yield element(
        "rect", full, x=left, y=box.y, width=box.width, height=box.height, rx=8, class_=f"node {box.node.mark.value}"
    )
    y = box.y + _PADDING
    for kind, text in box.lines:
        height = _LINES[kind][0]
        yield element(
            "text", text, x=box.x, y=y + height - 5, text_anchor="middle", class_=f"{kind} {box.node.mark.value}"
        )
        y += height
    x = box.x - (sum(map(_server_width, box.node.servers)) + _GAP * (len(box.node.servers) - 1)) / 2
    for server in box.node.servers:
        yield from _server(server, x, y + 6)
        x += _server_width(server) + _GAP


def _server(server: str, x: float, y: float) -> Iterator[Markup]:
    """A server behind the place: name above address."""
    width = _server_width(server)
    name, _, address = server.partition(" ")
    yield element("rect", x=x, y=y, width=width, height=46, rx=6, class_="server")
    yield element("text", _short(name), x=x + width / 2, y=y + 19, text_anchor="middle", class_="name small")
    yield element("text", _short(address), x=x + width / 2, y=y + 36, text_anchor="middle", class_="place")


def _server_width(server: str) -> float:
    return max(map(width_of, map(_short, server.split(" ")))) * 7.4 + 2 * _MARGIN
