"""HAProxy hangs on the LB server that holds the VIP: its processes exist, and the kernel accepts connections for it."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Step, VipExpectation

SCENARIO = Scenario(
    name="haproxy-hung",
    rank=20,
    title=T("HAProxy hangs"),
    fault=Step(
        T("HAProxy frozen on {lb} (SIGSTOP)"),
        lambda stage: stage.lb.hang_haproxy(),
        vip=VipExpectation.MOVES,
        outage_limit=2.5,
        watch=3,
    ),
    repair=Step(T("HAProxy resumed on {lb} (SIGCONT)"), lambda stage: stage.lb.wake_haproxy(), failed_limit=0),
)
