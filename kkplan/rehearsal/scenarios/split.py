"""The LB servers cannot reach each other, but clients reach all: each holds the VIP until the split is healed."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Stage, Step, VipExpectation


def _isolate(stage: Stage) -> None:
    for server in stage.lab.lbs.values():
        stage.lab.switch.isolate(server, True)


def _join(stage: Stage) -> None:
    for server in stage.lab.lbs.values():
        stage.lab.switch.isolate(server, False)


SCENARIO = Scenario(
    name="split",
    rank=70,
    title=T("The LB servers cannot reach each other"),
    fault=Step(T("LB servers cut off from each other"), _isolate, vip=VipExpectation.ANY, outage_limit=1.2, watch=5),
    # No expectation for the VIP: their priorities decide which of the two gives it up.
    repair=Step(T("LB servers can reach each other again"), _join, vip=VipExpectation.ANY, outage_limit=0.5, watch=3),
)
