"""All control planes except one lose power or network."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Stage, Step


def _stop_others(stage: Stage) -> None:
    for server in stage.lab.api_servers[1:]:
        server.kill()


def _start_others(stage: Stage) -> None:
    for server in stage.lab.api_servers[1:]:
        server.start()


SCENARIO = Scenario(
    name="one-api-server-left",
    rank=140,
    title=T("All API servers except one stop"),
    fault=Step(
        T("All API servers except {api_server} killed"), _stop_others, outage_limit=1.0, failed_limit=20, watch=5
    ),
    repair=Step(T("All API servers started again"), _start_others, failed_limit=0),
    needs_api_servers=2,
)
