"""An API server ends: its machine refuses connections from one moment to the next."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Step

SCENARIO = Scenario(
    name="api-server-stopped",
    rank=110,
    title=T("One API server stops"),
    fault=Step(
        T("API server killed on {api_server}"),
        lambda stage: stage.api_server.kill(),
        failed_limit=0,
        watch=5,
    ),
    repair=Step(T("API server started again on {api_server}"), lambda stage: stage.api_server.start(), failed_limit=0),
    needs_api_servers=2,
)
