"""A place in a file, as a person finds it in an editor."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Some characters of one line.

    Attributes:
        line: from 1; 0 for the whole file.
        column: the first character's, counted in characters from 1.
        end_column: the one after the last character, in the same line.
        file: the file as the user named it.
    """

    line: int
    column: int
    end_column: int
    file: str
