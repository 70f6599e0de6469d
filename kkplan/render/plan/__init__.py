"""How a plan looks: one file a format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from kkplan.plan.plan import Plan
from kkplan.render.format import OutputOptions, format_named

if TYPE_CHECKING:
    from kkplan.use.apply_plan import Applied


class PlanFormat(NamedTuple):
    """A way to write a plan down.

    Attributes:
        name: as `--format` takes it.
        plan: the plan as text, with a newline at the end.
        applied: the same once it is carried out.
    """

    name: str
    plan: Callable[[Plan, OutputOptions], str]
    applied: Callable[[Plan, Applied], str]


def plan_format(name: str) -> PlanFormat:
    """The format of that name.

    Raises:
        UsageError: there is none.
    """
    found: PlanFormat = format_named(__name__, name)
    return found
