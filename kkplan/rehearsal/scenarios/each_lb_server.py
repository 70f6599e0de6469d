"""Each LB server has to hold the VIP once, alone: a server that never held it may not work."""

from kkplan.lab.pair_lab import wait_until
from kkplan.locale import T, Text, named
from kkplan.rehearsal.scenario import Scenario, Stage, Step, StepFailed, VipExpectation, nothing

_PATIENCE = 15  # seconds for the VIP to come to the one that is left, and for its HAProxy to answer


def _each_alone(stage: Stage) -> Text:
    lab = stage.lab
    names = list(lab.lbs)
    # The holder last, so that the VIP is where it was in the end.
    for name in [*(name for name in names if name != stage.subject), stage.subject]:
        others = [server for other, server in lab.lbs.items() if other != name]
        for server in others:
            server.stop_keepalived()
        if not wait_until(lambda name=name: lab.holders() == (name,), _PATIENCE):  # type: ignore[misc]
            raise StepFailed(T("{lb} does not take the VIP when it is the only one left", lb=named(name)))
        for server in others:
            # As systemd does: not before the old one has gone.
            wait_until(lambda server=server: not server.keepalived_runs, _PATIENCE)  # type: ignore[misc]
            server.start_keepalived()
    return T("each held the VIP: {lbs}", lbs=named(", ".join(names)))


SCENARIO = Scenario(
    name="each-lb-server",
    rank=80,
    title=T("Each LB server in turn is the only one left"),
    fault=Step(T("Keepalived stopped on all LB servers except one, each in turn"), _each_alone, vip=VipExpectation.ANY),
    repair=Step(T("All LB servers are back"), nothing, vip=VipExpectation.ANY, failed_limit=0),
)
