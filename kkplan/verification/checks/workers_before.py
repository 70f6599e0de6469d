"""Before the install: each worker is up, and the port that KubeKey's HAProxy needs for its health is free."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kkplan.cluster.site import SiteMachine
from kkplan.locale import T
from kkplan.verification.check import Check, Circumstances, Outcome, Seen, place
from kkplan.verification.checks.workers_haproxy import HEALTH_PORT, MAX_WORKERS, left_out
from kkplan.verification.probe import Port, knock


async def look(it: Circumstances) -> Sequence[Seen]:
    """Knock at the health port of each worker."""
    workers = it.site.haproxy_workers[:MAX_WORKERS]
    ports = await asyncio.gather(*(knock(worker.address, HEALTH_PORT, it.timeout) for worker in workers))
    seen = [judged(worker, port) for worker, port in zip(workers, ports, strict=True)]
    return [*seen, *left_out(it)]


def judged(worker: SiteMachine, port: Port) -> Seen:
    """What the health port says about a worker where KubeKey has not been yet."""
    target = place(worker.address, HEALTH_PORT)
    if port is Port.REFUSED:
        return Seen(Outcome.OK, target, T("{name} is up, and the port of HAProxy's health is free", name=worker.name))
    if port is Port.OPEN:
        return Seen(
            Outcome.FAILED,
            target,
            T("{name}: something listens at {port}, which KubeKey's HAProxy needs", name=worker.name, port=HEALTH_PORT),
            T("Is a cluster installed there? Then use --after-install; else find out with: ss -ltnp"),
        )
    return Seen(
        Outcome.FAILED,
        target,
        T("{name} does not answer", name=worker.name),
        T("Is the machine on? A firewall between here and there has to let the port through"),
    )


CHECK = Check("workers-before", 35, T("Workers"), look, before=True)
