"""How a review looks: one file a format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kkplan.render.format import format_named
from kkplan.use.review import Review


@dataclass(frozen=True)
class ReviewFormat:
    """A way to write a review down.

    Attributes:
        name: of the format.
        page: the review as it was at that time, by the clock of this machine.
    """

    name: str
    page: Callable[[Review, datetime], str]


def review_format(name: str) -> ReviewFormat:
    """The format of that name.

    Raises:
        UsageError: there is none.
    """
    found: ReviewFormat = format_named(__name__, name)
    return found
