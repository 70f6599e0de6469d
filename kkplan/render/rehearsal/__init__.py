"""Output of a rehearsal: one file per format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kkplan.lab.pair import PairNetwork
from kkplan.lab.versions import Versions
from kkplan.rehearsal.rehearse import StepResult
from kkplan.render.format import OutputOptions


@dataclass(frozen=True)
class Rehearsal:
    """A rehearsal that has ended.

    Attributes:
        began: when, by the clock of the machine that it ran on.
        versions: of the programs that it ran.
    """

    network: PairNetwork
    began: datetime
    versions: Versions
    results: Sequence[StepResult]


@dataclass(frozen=True)
class RehearsalFormat:
    """An output format of a rehearsal; each part may be "".

    Attributes:
        name: as `--format` takes it.
        network: shown first.
        rebuilt: shown when the network is built again, because the pair did not recover.
        step: shown as soon as a step has ended.
        summary: shown at the end.
    """

    name: str
    network: Callable[[PairNetwork, OutputOptions], str]
    rebuilt: Callable[[PairNetwork, OutputOptions], str]
    step: Callable[[StepResult, OutputOptions], str]
    summary: Callable[[Rehearsal, OutputOptions], str]
