"""The LB server that holds the VIP loses its own address and gets it back, as a network restart does it."""

from kkplan.lab.pair_lab import wait_until
from kkplan.locale import T, named
from kkplan.rehearsal.scenario import Scenario, Stage, Step, StepFailed, VipExpectation

_PATIENCE = 5  # seconds for Keepalived to end


def _give_back(stage: Stage) -> None:
    """If the VIP has become the NIC's primary address, the own address is removed with it."""
    stage.lab.add_address(stage.subject)
    stage.lb.stop_keepalived()
    wait_until(lambda: not stage.lb.keepalived_runs, _PATIENCE)
    kept = stage.lab.has_address(stage.subject)
    stage.lab.add_address(stage.subject)
    stage.lb.start_keepalived()
    if not kept:
        raise StepFailed(T("{lb} loses its own address when Keepalived stops", lb=named(stage.subject)))


SCENARIO = Scenario(
    name="address-lost",
    rank=64,
    title=T("The VIP holder loses its own address"),
    fault=Step(
        T("Address of {lb} removed"),
        lambda stage: stage.lab.remove_address(stage.subject),
        vip=VipExpectation.ANY,
        outage_limit=1.5,
    ),
    repair=Step(
        T("Address of {lb} added, Keepalived restarted"),
        _give_back,
        vip=VipExpectation.ANY,
        failed_limit=0,
        watch=3,
    ),
)
