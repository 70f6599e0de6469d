"""Something about a config or a plan that its owner has to know."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from kkplan.document.place import Place
from kkplan.locale import Text
from kkplan.plan.fix import Fix


class Severity(str, Enum):
    """How bad it is: an error stops apply, a warning needs a yes, an info is only said."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Finding(NamedTuple):
    """One thing found.

    Attributes:
        id: the rule's id, `KK101`.
        message: what is so, and what follows from it.
        advice: what to do about it.
        place: where in the files as they are on disk; None where it is about no place in them.
        fixed: the plan fixes it: it is so in today's file and no longer after.
        fix: how `kkplan check --fix` would fix it; None where a person has to decide.
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
        """The line, from 1; 0 where it is about no place."""
        return self.place.line if self.place is not None else 0

    @property
    def file(self) -> str:
        """The file, as the user named it; "" where it is about no place."""
        return self.place.file if self.place is not None else ""
