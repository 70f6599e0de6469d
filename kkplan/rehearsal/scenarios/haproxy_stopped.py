"""HAProxy ends on the LB server that holds the VIP: the guide's own test."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Step, VipExpectation

SCENARIO = Scenario(
    name="haproxy-stopped",
    rank=10,
    title=T("HAProxy stops"),
    fault=Step(
        T("HAProxy stopped on {lb}"), lambda stage: stage.lb.stop_haproxy(), vip=VipExpectation.MOVES, outage_limit=1.5
    ),
    repair=Step(T("HAProxy started again on {lb}"), lambda stage: stage.lb.start_haproxy(), failed_limit=0),
)
