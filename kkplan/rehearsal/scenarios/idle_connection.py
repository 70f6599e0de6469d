"""Nothing fails: a watch or a "kubectl exec" that is idle for longer than a minute stays open."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Step, nothing

SCENARIO = Scenario(
    name="idle-connection",
    rank=210,
    title=T("A connection is idle for 70 s"),
    fault=Step(T("No data sent for 70 s"), nothing, failed_limit=0, watch=70, idle_lives=True),
    repair=Step(T("Nothing more to do"), nothing, failed_limit=0, watch=0.5),
    by_default=False,
)
