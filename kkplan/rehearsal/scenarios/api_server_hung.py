"""An API server hangs: connections to it are accepted, and never answered."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Step

SCENARIO = Scenario(
    name="api-server-hung",
    rank=120,
    title=T("One API server hangs"),
    fault=Step(
        T("API server frozen on {api_server} (SIGSTOP)"),
        lambda stage: stage.api_server.freeze(),
        failed_limit=1,
        watch=6,
    ),
    repair=Step(
        T("API server resumed on {api_server} (SIGCONT)"), lambda stage: stage.api_server.wake(), failed_limit=0
    ),
    needs_api_servers=2,
)
