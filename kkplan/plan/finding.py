"""A finding: a problem or fact in a config or plan."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from kkplan.document.place import Place
from kkplan.locale import Text
from kkplan.plan.fix import Fix


class Severity(str, Enum):
    """An error stops apply, a warning needs a confirmation, an info is only shown."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Finding(NamedTuple):
    """One finding.

    Attributes:
        id: the rule's id, `KK101`.
        message: the fact, and its consequence.
        advice: what to do.
        place: where in the files as they are on disk; None if it is about no place in them.
        fixed: the plan fixes it: it is in today's file and no longer in the planned one.
        fix: how `kkplan check --fix` would fix it; None if a person has to decide.
    """

    id: str
    severity: Severity
    message: Text
    advice: Text
    place: Place | None = None
    fixed: bool = False
    fix: Fix | None = None

    @property
    def line(self) -> int:
        """The line, from 1; 0 if it is about no place."""
        return self.place.line if self.place is not None else 0

    @property
    def file(self) -> str:
        """The file, as the user named it; "" where it is about no place."""
        return self.place.file if self.place is not None else ""


# What a rule yields.
Findings = Iterator[Finding]
