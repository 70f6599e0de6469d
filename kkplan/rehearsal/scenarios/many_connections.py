"""4,000 connections at once: as many as some hundred nodes hold, each with its kubelet, proxy and controllers."""

from kkplan.lab.program import command_of
from kkplan.locale import T, Text
from kkplan.rehearsal.scenario import Scenario, Stage, Step, StepFailed, nothing

COUNT = 4000
HELD_SECONDS = 8  # longer than a queue's timeout, so that queued connections are refused by then


def _open(stage: Stage) -> Text:
    client, network = stage.lab.client, stage.lab.network
    words = map(str, (network.vip.address, network.port, COUNT, HELD_SECONDS))
    process = client.spawn(command_of("connections", *words))
    written, _ = process.communicate()
    stage.lab.refuse_ended_machines()
    if process.returncode:  # the kernel ends it first where memory is short
        raise StepFailed(T("the program that opens the connections ended unexpectedly, possibly out of memory"))
    refused, closed = (int(word) for word in written.split())
    if refused or closed:
        raise StepFailed(
            T(
                "of {count} connections, {refused} were refused and {closed} closed",
                count=COUNT,
                refused=refused,
                closed=closed,
            )
        )
    return T("{count} connections were open at once, for {seconds} s", count=COUNT, seconds=HELD_SECONDS)


SCENARIO = Scenario(
    name="many-connections",
    rank=220,
    title=T("4,000 connections at once"),
    fault=Step(T("4,000 TLS connections opened and held"), _open, watch=0.5),
    repair=Step(T("All of them closed"), nothing),
    by_default=False,
)
