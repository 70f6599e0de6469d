"""One packet in ten between the LB servers is lost: an advert or two that are missing must not look like a failure."""

from kkplan.lab.machine import one_line
from kkplan.locale import T
from kkplan.rehearsal.scenario import Scenario, Stage, Step, StepFailed

PERCENT = 10

# VRRP is IP protocol 112 (RFC 5798, 5.1.1.4). nftables drops at random; tc's netem is not in every kernel.
_RULES = (
    "add table inet loss",
    "add chain inet loss input { type filter hook input priority 0; }",
    f"add rule inet loss input meta l4proto 112 numgen random mod 100 < {PERCENT} drop",
)


def _lose(stage: Stage) -> None:
    for server in stage.lab.lbs.values():
        for rule in _RULES:
            status, said = server.run("nft", rule)
            if status:
                raise StepFailed(T("cannot drop packets, which needs nftables: {said}", said=one_line(said)))


def _stop_losing(stage: Stage) -> None:
    for server in stage.lab.lbs.values():
        server.run("nft", "delete", "table", "inet", "loss")


SCENARIO = Scenario(
    name="packet-loss",
    rank=240,
    title=T("One advert in ten is lost for a minute"),
    fault=Step(T("One advert in ten dropped, at random"), _lose, watch=60),
    repair=Step(T("Adverts no longer dropped"), _stop_losing),
    by_default=False,
)
