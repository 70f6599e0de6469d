"""The LB servers do not hear each other, though clients reach them all: each holds the VIP, until they hear again."""

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
    # Not for what the VIP does: who of the two gives it up is decided by their priorities.
    repair=Step(T("LB servers can reach each other again"), _join, vip=VipExpectation.ANY, outage_limit=0.5, watch=3),
)
