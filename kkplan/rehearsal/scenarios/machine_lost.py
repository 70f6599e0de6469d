"""The machine of the VIP holder dies, without notice."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Stage, Step, VipExpectation


def _switch_on(stage: Stage) -> None:
    stage.lab.switch_on(stage.subject)


SCENARIO = Scenario(
    name="machine-lost",
    rank=60,
    title=T("The VIP holder's machine dies"),
    fault=Step(
        T("Power of {lb} off"),
        lambda stage: stage.lab.switch_off(stage.subject),
        vip=VipExpectation.MOVES,
        outage_limit=1.2,
    ),
    repair=Step(T("Power of {lb} on again, services started"), _switch_on, failed_limit=0, watch=3),
)
