"""Output of a verification: one file per format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kkplan.cluster.site import Site
from kkplan.render.format import OutputOptions
from kkplan.verification.check import Verified
from kkplan.verification.watch import Watch, WatchedOutage


@dataclass(frozen=True)
class VerificationFormat:
    """An output format of a verification; each part may be "".

    Attributes:
        name: as `--format` takes it.
        report: the results of the checks.
        watching: that a watch begins; whether it asks for /readyz, and the time limit of a probe in seconds.
        outage: an outage of a watch that began at that time, as soon as it has ended.
        summary: everything, at the end; the watch is None if there was none.
    """

    name: str
    report: Callable[[Sequence[Verified], OutputOptions], str]
    watching: Callable[[Site, bool, float, OutputOptions], str]
    outage: Callable[[datetime, WatchedOutage, OutputOptions], str]
    summary: Callable[[Site, Sequence[Verified], Watch | None, OutputOptions], str]
