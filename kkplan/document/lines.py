"""Lines as patch(1) counts them."""

from __future__ import annotations

import re
from typing import NamedTuple


class LineChange(NamedTuple):
    """The lines old_start to old_end (from 0, end exclusive) become those from new_start to new_end."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def lines_of(text: str) -> list[str]:
    """The lines with their ends, broken at newlines only."""
    return re.findall(r"[^\n]*\n|[^\n]+\Z", text)
