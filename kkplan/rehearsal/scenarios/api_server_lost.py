"""A control plane's network link goes down: packets to it vanish."""

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Step

SCENARIO = Scenario(
    name="api-server-lost",
    rank=130,
    title=T("One control plane's link goes down"),
    fault=Step(
        T("Network link of {api_server} down"),
        lambda stage: stage.lab.switch.set_link(stage.api_server, up=False),
        failed_limit=3,
        watch=6,
    ),
    repair=Step(
        T("Network link of {api_server} up again"),
        lambda stage: stage.lab.switch.set_link(stage.api_server, up=True),
        failed_limit=0,
    ),
    needs_api_servers=2,
)
