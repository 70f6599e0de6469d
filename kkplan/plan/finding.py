"""Something about a config or a plan that its owner has to know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kkplan.locale import Text


class Severity(str, Enum):
    """How bad it is: an error stops apply, a warning needs a yes, an info is only said."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One thing found.

    Attributes:
        id: the rule's id, `KK101`.
        message: what is so, and what follows from it.
        advice: what to do about it.
        line: the line of the config as it is on disk, from 1; 0 where it is about no line.
        fixed: the plan mends it: it is so in today's file and no longer after.
    """

    id: str
    severity: Severity
    message: Text
    advice: Text
    line: int = 0
    fixed: bool = False
