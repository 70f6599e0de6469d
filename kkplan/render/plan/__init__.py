"""Output of a plan: one file per format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from kkplan.plan.plan import Plan
from kkplan.render.format import OutputOptions

if TYPE_CHECKING:
    from kkplan.use.apply_plan import Applied


class PlanFormat(NamedTuple):
    """An output format of a plan.

    Attributes:
        name: as `--format` takes it.
        plan: the plan as text, with a newline at the end.
        applied: the plan after it was applied.
    """

    name: str
    plan: Callable[[Plan, OutputOptions], str]
    applied: Callable[[Plan, Applied, OutputOptions], str]
