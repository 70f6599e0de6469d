"""What an output format is."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from kkplan.errors import UsageError
from kkplan.locale import T
from kkplan.plan.plan import Plan
from kkplan.use.apply_plan import Applied


@dataclass(frozen=True)
class Look:
    """What the place of the output allows and wants.

    Attributes:
        colour: terminal colours are understood and wanted.
        full: the contents of new files are shown too.
    """

    colour: bool = False
    full: bool = True


@dataclass(frozen=True)
class Format:
    """A way to write a plan down.

    Attributes:
        name: as `--format` takes it.
        plan: the plan as text, with a newline at the end.
        applied: the same once it is carried out.
    """

    name: str
    plan: Callable[[Plan, Look], str]
    applied: Callable[[Plan, Applied], str]


@cache
def formats() -> tuple[Format, ...]:
    """Every format: each module of this package that is named `as_…` has one as FORMAT."""
    package = import_module(__package__)
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.name.startswith("as_"))
    return tuple(import_module(f"{__package__}.{name}").FORMAT for name in names)


def format_named(name: str) -> Format:
    """The format of that name.

    Raises:
        UsageError: there is none.
    """
    for known in formats():
        if known.name == name:
            return known
    names = ", ".join(known.name for known in formats())
    raise UsageError(T("no output format is named {name}. Choose one of: {names}", name=name, names=names))
