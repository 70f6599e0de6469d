"""Output formats: each report has a package here, and each format a module in it."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple, TypeVar

from kkplan.errors import UsageError
from kkplan.locale import T, listed, named
from kkplan.parts import part_names


class OutputOptions(NamedTuple):
    """How output is shown.

    Attributes:
        colour: with terminal colours.
        full: the contents of new files are shown too.
        terminal: the output goes to a terminal, which control characters could confuse.
        width: the terminal's columns, at which lines are wrapped; 0 for no wrapping.
    """

    colour: bool = False
    full: bool = False
    terminal: bool = False
    width: int = 0


def nothing(*_: object) -> str:
    """A part of a report that a format does not have."""
    return ""


Format = TypeVar("Format")


def format_named(kind: type[Format], name: str) -> Format:
    """The format of that name.

    Args:
        kind: the class of a report's formats: each is the FORMAT of a module `as_NAME` in its package.

    Raises:
        UsageError: the name is unknown.
    """
    package = kind.__module__
    names = [part.removeprefix("as_") for part in part_names(import_module(package)) if part.startswith("as_")]
    if name in names:
        found: Format = import_module(f"{package}.as_{name}").FORMAT
        return found
    raise UsageError(T("unknown output format {name}. Choose one of: {names}", name=named(name), names=listed(names)))
