"""Explanations of rules: one file per format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kkplan.plan.rule import Rule
from kkplan.render.format import OutputOptions


class ExplanationFormat(NamedTuple):
    """An output format of explanations.

    Attributes:
        name: as `--format` takes it.
        pages: the full text of each rule.
        table: a line for each rule.
    """

    name: str
    pages: Callable[[Sequence[Rule], OutputOptions], str]
    table: Callable[[Sequence[Rule], OutputOptions], str]
