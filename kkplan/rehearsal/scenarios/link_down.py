"""The network link of the LB server that holds the VIP goes down: a pulled cable, a dead switch port."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Step, VipExpectation

SCENARIO = Scenario(
    name="link-down",
    rank=50,
    title=T("The VIP holder's link goes down"),
    fault=Step(
        T("Network link of {lb} down"),
        lambda stage: stage.lab.switch.set_link(stage.lb, up=False),
        vip=VipExpectation.MOVES,
        outage_limit=1.2,
    ),
    repair=Step(
        T("Network link of {lb} up again"),
        lambda stage: stage.lab.switch.set_link(stage.lb, up=True),
        failed_limit=0,
        watch=3,
    ),
)
