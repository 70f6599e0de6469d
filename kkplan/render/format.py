"""Output formats: each report has a package here, and each format a module in it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple, TypeVar

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


@cache
def formats(package: str) -> dict[str, Any]:
    """The package's formats by name: the FORMAT of each module that is named `as_…`."""
    names = [name for name in part_names(import_module(package)) if name.startswith("as_")]
    found = [import_module(f"{package}.{name}").FORMAT for name in names]
    return {known.name: known for known in found}


Format = TypeVar("Format")


def format_named(kind: type[Format], name: str) -> Format:
    """The format of that name.

    Args:
        kind: the class of a report's formats; they are in its package.

    Raises:
        UsageError: the name is unknown.
    """
    module = f"{kind.__module__}.as_{name}"
    if name.isidentifier() and find_spec(module) is not None:
        found: Format = import_module(module).FORMAT
        return found
    names = listed(formats(kind.__module__))
    raise UsageError(T("unknown output format {name}. Choose one of: {names}", name=named(name), names=names))
