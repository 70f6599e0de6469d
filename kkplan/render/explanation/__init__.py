"""Explanations of rules: one file per format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kkplan.locale import T
from kkplan.plan.finding import Severity
from kkplan.plan.rule import Rule
from kkplan.render.format import OutputOptions

SEVERITY_WORDS = {Severity.ERROR: T("error"), Severity.WARNING: T("warning"), Severity.INFO: T("info")}


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
