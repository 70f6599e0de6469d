"""All LB servers lose power; after their boot, the addresses come last."""

import time

from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Stage, Step, VipExpectation, nothing

_SECONDS_LATE = 3  # both services have been started by then


def _boot_without_addresses(stage: Stage) -> None:
    lab = stage.lab
    for name in lab.lbs:
        lab.switch_off(name)
    for name in lab.lbs:
        lab.switch_on(name, with_address=False)
    time.sleep(_SECONDS_LATE)
    for name in lab.lbs:
        lab.add_address(name)


SCENARIO = Scenario(
    name="address-late",
    rank=66,
    title=T("All LB servers boot, addresses come late"),
    fault=Step(
        T("Power off and on, addresses 3 s late"),
        _boot_without_addresses,
        vip=VipExpectation.ANY,
        outage_limit=8,
        watch=5,
    ),
    repair=Step(T("All LB servers are back"), nothing, failed_limit=0),
)
