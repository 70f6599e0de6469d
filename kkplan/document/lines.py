"""Lines as patch(1) counts them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple


class LineChange(NamedTuple):
    """The lines old_start to old_end (from 0, end exclusive) become the lines new_start to new_end."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def lines_of(text: str) -> list[str]:
    """The lines with their line ends, split only at newlines."""
    return re.findall(r"[^\n]*\n|[^\n]+\Z", text)


def raw_lines(data: bytes) -> list[bytes]:
    """The same for bytes that may not be text."""
    return BytesIO(data).readlines()


def changed_middle(old: Sequence[object], new: Sequence[object]) -> list[LineChange]:
    """One change, from the first different line to the last; empty if no line differs."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return [LineChange(start, len(old) - end, start, len(new) - end)] if old != new else []
