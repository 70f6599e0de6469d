"""How a finding is fixed without a person: a change of values that means what was meant."""

from __future__ import annotations

from typing import NamedTuple

from kkplan.document.change import Change
from kkplan.document.edit import Piece


class Fix(NamedTuple):
    """One change of one file.

    Attributes:
        file: the file as the user named it; "" for the config.
        changes: keys, set as a plan sets them.
        pieces: keys or values elsewhere, each written anew in its place.
    """

    changes: tuple[Change, ...] = ()
    pieces: tuple[Piece, ...] = ()
    file: str = ""
