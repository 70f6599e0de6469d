"""The LB servers' processors are busy: a late advert or a late answer must not look like a failure."""

import os

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Stage, Step

LOOPS = 2 * (os.cpu_count() or 1)


def _load(stage: Stage) -> None:
    for server in stage.lab.lbs.values():
        server.keep_processors_busy(LOOPS)


def _rest(stage: Stage) -> None:
    for server in stage.lab.lbs.values():
        server.let_processors_rest()


SCENARIO = Scenario(
    name="cpu-load",
    rank=230,
    title=T("All processors are busy for a minute"),
    fault=Step(T("All processors of the LB servers busy"), _load, watch=60),
    repair=Step(T("Processors idle again"), _rest),
    by_default=False,
)
