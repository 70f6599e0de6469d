"""Output of a check: one file per format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kkplan.render.format import OutputOptions
from kkplan.use.check_file import CheckedFile


@dataclass(frozen=True)
class CheckFormat:
    """An output format of a check.

    Attributes:
        name: as `--format` takes it.
        report: everything, with a newline at the end.
    """

    name: str
    report: Callable[[Sequence[CheckedFile], OutputOptions], str]
