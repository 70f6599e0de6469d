"""Keepalived is stopped cleanly on the LB server that holds the VIP, as for an upgrade."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Step, VipExpectation

SCENARIO = Scenario(
    name="keepalived-stopped",
    rank=30,
    title=T("Keepalived is stopped"),
    fault=Step(
        T("Keepalived stopped on {lb}"),
        lambda stage: stage.lb.stop_keepalived(),
        vip=VipExpectation.MOVES,
        outage_limit=0.7,
    ),
    repair=Step(T("Keepalived started again on {lb}"), lambda stage: stage.lb.start_keepalived(), failed_limit=0),
)
