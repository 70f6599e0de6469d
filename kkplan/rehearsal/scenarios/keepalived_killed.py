"""Keepalived is killed on the LB server that holds the VIP: the VIP stays on its NIC, and another server takes it too."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Step, VipExpectation

SCENARIO = Scenario(
    name="keepalived-killed",
    rank=40,
    title=T("Keepalived is killed"),
    fault=Step(
        T("Keepalived killed on {lb}"),
        lambda stage: stage.lb.kill_keepalived(),
        vip=VipExpectation.ANY,
        outage_limit=1.2,
    ),
    repair=Step(
        T("Keepalived started again on {lb}"),
        lambda stage: stage.lb.start_keepalived(),
        vip=VipExpectation.ANY,
        failed_limit=0,
    ),
)
