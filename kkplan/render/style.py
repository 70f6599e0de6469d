"""Terminal colours, widths and line breaks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import IO
from unicodedata import east_asian_width

from kkplan.locale import T
from kkplan.plan.finding import Severity
from kkplan.visible import visible

RESET = "\x1b[0m"
ERASE_LINE = "\r\x1b[K"
BOLD = "1"
DIM = "2"
RED = "31"
GREEN = "32"
YELLOW = "33"
CYAN = "36"

# What `painted` and the rehearsal's progress write.
_OWN = re.compile(r"(\x1b\[(?:0|[12]|(?:[12];)*3[1236](?:;[12])?)m|\r\x1b\[K)")

SEVERITY_WORDS = {Severity.ERROR: T("error"), Severity.WARNING: T("warning"), Severity.INFO: T("info")}
SEVERITY_COLOURS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.INFO: CYAN}


def wants_colour(stream: IO[str], environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the stream is a terminal that shows colours, and NO_COLOR (no-color.org) is not set."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def displayable(text: str) -> str:
    """The text for output: control characters as escapes, except for kkplan's own colours."""
    if "\x1b" not in text:
        return visible(text)
    return "".join(part if number % 2 else visible(part) for number, part in enumerate(_OWN.split(text)))


def painted(text: str, *codes: str, colour: bool = True) -> str:
    """The text in a colour; unchanged if colour is off. A line end stays outside."""
    if not colour or not text.strip():
        return text
    body = text.rstrip("\r\n")
    return f"\x1b[{';'.join(codes)}m{body}{RESET}{text[len(body) :]}"


def width_of(text: str) -> int:
    """How many cells of a terminal the text takes: a Chinese character takes two, kkplan's own colours none."""
    if "\x1b" in text:
        text = _OWN.sub("", text)
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def padded(text: str, width: int) -> str:
    """The text padded with spaces to this many cells."""
    return text + " " * (width - width_of(text))


def cut(text: str, width: int) -> str:
    """The text cut to this many cells; all of it if the width is 0."""
    while width and width_of(text) > width:
        text = text[:-1]
    return text


def shortened(text: str, width: int) -> str:
    """The text in at most this many cells, with an ellipsis for what is left out."""
    return text if width_of(text) <= width else f"{cut(text, width - 1)}…"


# Punctuation that may not end a line, and punctuation that may not begin one.
_OPENS = r"(\[{“‘（《「『【〈"
_CLOSES = r".,;:!?%)\]}”’…、。，；：！？）》」』】〉"
# A piece that stays on one line: the spaces before it, then a word or a wide character, with the punctuation around it.
_WIDE = r"\u2e80-\uffef"
_PIECE = rf"[^\S\n]*(?:[{_OPENS}]*(?:[^\s{_WIDE}]*[^\s{_WIDE}{_OPENS}]|[{_WIDE}])[{_CLOSES}]*|[{_OPENS}]+)"
# The same for a line without wide characters: the pattern above takes as long to compile as twenty modules to load.
_NARROW_PIECE = r"[^\S\n]*(?:\S*[^\s(\[{“‘]|[(\[{“‘]+)"


def wrapped(text: str, width: int, hanging: int | None = None) -> str:
    """The text with lines of at most this many cells, broken between words; continuation lines are indented further.

    Args:
        width: 0 is no limit.
        hanging: cells before each continuation line; by default two more than the line has, if it has any.
    """
    if not width:
        return text
    return "\n".join(piece for line in text.split("\n") for piece in _wrapped_line(line, width, hanging))


def _wrapped_line(line: str, width: int, hanging: int | None) -> Iterator[str]:
    if width_of(line) <= width:
        yield line
        return
    indent = len(line) - len(line.lstrip(" "))
    margin = " " * (hanging if hanging is not None else indent + 2 * bool(indent))
    shown = ""
    for piece in re.findall(_PIECE if max(line) >= "\u2e80" else _NARROW_PIECE, line):
        if shown.strip() and width_of(shown + piece) > width:
            yield shown
            shown = margin + piece.lstrip(" ")
        else:
            shown += piece
    yield shown
