"""How a finding is mended without a person: a change of values that means what was meant."""

from __future__ import annotations

from typing import NamedTuple

from kkplan.document.edit import Piece
from kkplan.document.setting import Setting


class Fix(NamedTuple):
    """One change.

    Attributes:
        settings: keys of controlPlaneEndpoint, set as a plan sets them.
        pieces: keys or values elsewhere, each written anew in its place.
    """

    settings: tuple[Setting, ...] = ()
    pieces: tuple[Piece, ...] = ()
