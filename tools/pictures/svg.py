"""A terminal's screen as SVG, readable on light and dark pages.

Each run of characters says how wide it is, so that columns stay aligned in whatever font the reader's browser has.
Lines and blocks are drawn as shapes: fonts leave gaps in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import NamedTuple

import pyte
from pyte.screens import Char

CELL = 8.4
ROW = 20
SIZE = 14
WIDE_SIZE = 15.5  # a Chinese character is as wide as high, and takes two cells
MARGIN = 18
BAR = 34
BACKGROUND = "#161b22"
BORDER = "#3d444d"
FOREGROUND = "#e6edf3"
COLOURS = {
    "default": FOREGROUND,
    "black": "#6e7681",
    "red": "#ff7b72",
    "green": "#7ee787",
    "brown": "#e3b341",  # pyte's name of yellow
    "blue": "#79c0ff",
    "magenta": "#d2a8ff",
    "cyan": "#76e3ea",
    "white": "#f0f6fc",
}
FONTS = (
    "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', "
    "'Noto Sans Mono CJK SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', monospace"
)
# Blocks of the rehearsal's timeline: how opaque they are.
BLOCKS = {"█": 1.0, "▓": 0.75, "▒": 0.5, "░": 0.25}
# Lines of boxes and timelines: which sides of the cell they reach, and how thick they are.
LINES = {
    "─": ("lr", 1.5),
    "━": ("lr", 4),
    "│": ("tb", 1.5),
    "┌": ("rb", 1.5),
    "┐": ("lb", 1.5),
    "└": ("rt", 1.5),
    "┘": ("lt", 1.5),
    "├": ("tbr", 1.5),
    "┤": ("tbl", 1.5),
    "┬": ("lrb", 1.5),
    "┴": ("lrt", 1.5),
    "┼": ("lrtb", 1.5),
}


class Run(NamedTuple):
    """Neighbouring cells that look alike.

    Attributes:
        column: of the first cell.
        text: the characters; one that takes two cells is there once.
        cells: how many cells they take.
    """

    column: int
    text: str
    cells: int
    style: Char


def picture(screen: pyte.Screen, title: str, language: str) -> str:
    """The rows of the screen that hold something, in a window.

    Args:
        screen: a screen whose last rows may be empty.
        title: what the picture shows, for those who do not see it.
        language: of the texts, as HTML names it: browsers choose Chinese glyphs by it.
    """
    rows = list(_rows(screen))
    width = 2 * MARGIN + screen.columns * CELL
    height = BAR + len(rows) * ROW + MARGIN
    dots = "".join(f'<circle cx="{20 + 18 * number}" cy="18" r="5.5" fill="{BORDER}"/>' for number in range(3))
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" xml:lang="{language}" role="img" aria-label="{escape(title)}" '
            f'width="{width:g}" height="{height}" viewBox="0 0 {width:g} {height}">',
            f"<title>{escape(title)}</title>",
            f'<rect x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1}" rx="9" fill="{BACKGROUND}" '
            f'stroke="{BORDER}"/>',
            dots,
            f'<g font-family="{FONTS}" font-size="{SIZE}" fill="{FOREGROUND}">',
            *(shape for number, runs in enumerate(rows) for run in runs for shape in _shapes(run, number)),
            "</g>",
            "</svg>",
            "",
        )
    )


def _rows(screen: pyte.Screen) -> list[list[Run]]:
    """The runs of each row, without the empty rows at the end."""
    rows = [
        list(_runs([screen.buffer[row][column] for column in range(screen.columns)])) for row in range(screen.lines)
    ]
    while rows and not rows[-1]:
        del rows[-1]
    return rows


def _runs(cells: list[Char]) -> Iterator[Run]:
    """The runs of a row. Blanks without a background are left out."""
    # A character that takes two cells is followed by a cell without text.
    starts = [number for number, cell in enumerate(cells) if cell.data]
    ends = [*starts[1:], len(cells)]
    spans = [(start, end - start, cells[start]) for start, end in zip(starts, ends, strict=True)]
    for (kind, style), group in groupby(spans, key=lambda span: (_kind(span), span[2]._replace(data=""))):
        run = list(group)
        text = "".join(cell.data for _start, _width, cell in run)
        if text.strip() or style.reverse or style.bg != "default":
            if kind == "alone":
                yield from (Run(start, cell.data, width, style) for start, width, cell in run)
            else:
                yield Run(run[0][0], text, sum(width for _start, width, _cell in run), style)


def _kind(span: tuple[int, int, Char]) -> str:
    """Characters of one kind are set together: plain ones, wide ones; a symbol's width depends on the font."""
    _start, width, cell = span
    if width == 2:
        return "wide"
    if cell.data in BLOCKS or cell.data in LINES:
        return cell.data
    return "plain" if cell.data.isascii() else "alone"


def _shapes(run: Run, row: int) -> Iterator[str]:
    """The elements of a run."""
    x, y = MARGIN + run.column * CELL, BAR + row * ROW
    width = run.cells * CELL
    colour, ground = _colour(run.style.fg), run.style.bg
    if run.style.reverse:
        colour, ground = BACKGROUND, run.style.fg
    if run.style.reverse or ground != "default":
        yield f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW}" fill="{_colour(ground)}"/>'
    char = run.text[:1]
    if char in BLOCKS:
        opacity = BLOCKS[char]
        yield f'<rect x="{x:.1f}" y="{y + 3}" width="{width:.1f}" height="{ROW - 6}" fill="{colour}" opacity="{opacity}"/>'
    elif char in LINES:
        yield from _lines(char, x, y, run.cells, colour)
    else:
        yield from _texts(run, x, y + 15, colour)


def _texts(run: Run, x: float, baseline: int, colour: str) -> Iterator[str]:
    """The run's words. Where two blanks or more are between them, each has a place of its own: SVG joins blanks."""
    wide = run.cells > len(run.text)
    marks = {
        "fill": "" if colour == FOREGROUND else colour,
        "font-weight": "bold" if run.style.bold else "",
        "font-style": "italic" if run.style.italics else "",
        "text-decoration": "underline" if run.style.underscore else "",
        "opacity": "0.65" if run.style.blink else "",
        "font-size": str(WIDE_SIZE) if wide else "",
        "lengthAdjust": "" if wide or run.text.isascii() else "spacingAndGlyphs",
    }
    set_as = "".join(f' {name}="{value}"' for name, value in marks.items() if value)
    cell = CELL * run.cells / len(run.text)
    for words in re.finditer(r"\S+(?: \S+)*", run.text):
        place = f'x="{x + words.start() * cell:.1f}" y="{baseline}" textLength="{len(words[0]) * cell:.1f}"'
        yield f"<text {place}{set_as}>{escape(words[0])}</text>"


def _lines(char: str, x: float, y: float, cells: int, colour: str) -> Iterator[str]:
    sides, thick = LINES[char]
    if sides == "lr":
        cell, cells = cells * CELL, 1
    else:
        cell = CELL
    for number in range(cells):
        left, middle, centre = x + number * cell, x + number * cell + cell / 2, y + ROW / 2
        ends = {"l": (left, centre), "r": (left + cell, centre), "t": (middle, y), "b": (middle, y + ROW)}
        path = "".join(f"M{middle:.1f} {centre:g}L{ends[side][0]:.1f} {ends[side][1]:g}" for side in sides)
        yield f'<path d="{path}" stroke="{colour}" stroke-width="{thick}" fill="none"/>'


def _colour(name: str) -> str:
    """A colour by pyte's name: one of eight, their bright forms, or six hexadecimal digits."""
    if name in COLOURS:
        return COLOURS[name]
    plain = name.removeprefix("bright")
    return COLOURS.get(plain, f"#{name}")
