"""Before the install: each worker is up, and the ports that KubeKey's HAProxy needs are free."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kkplan.cluster.site import SiteMachine
from kkplan.locale import T, node_names
from kkplan.verification.check import Check, Observation, Outcome, ProbeContext
from kkplan.verification.checks.backends_before import FIND_LISTENER
from kkplan.verification.checks.workers_haproxy import HEALTH_PORT, MAX_WORKERS, left_out
from kkplan.verification.probe import Port, host_port, probe_port
from kkplan.verification.words import network_advice, port_words


async def run(context: ProbeContext) -> Sequence[Observation]:
    """Probe the health port and the API server's port of each worker."""
    workers = context.site.haproxy_workers[:MAX_WORKERS]
    health, api = await asyncio.gather(
        asyncio.gather(*(probe_port(worker.address, HEALTH_PORT, context.timeout) for worker in workers)),
        asyncio.gather(*(probe_port(worker.address, context.site.port, context.timeout) for worker in workers)),
    )
    seen = [
        judged(worker, {HEALTH_PORT: one, context.site.port: other})
        for worker, one, other in zip(workers, health, api, strict=True)
    ]
    return [*seen, *left_out(context)]


def judged(worker: SiteMachine, ports: dict[int, Port]) -> Observation:
    """The result for a worker before KubeKey has run; the health port comes first."""
    (first, state), *_ = ports.items()
    taken = next((number for number, port in ports.items() if port is Port.OPEN), None)
    if taken is not None:
        text = T(
            "{name}: a program already listens on port {port}, which KubeKey's HAProxy needs",
            name=node_names(worker.name),
            port=taken,
        )
        return Observation(Outcome.FAILED, host_port(worker.address, taken), text, FIND_LISTENER)
    target = host_port(worker.address, first)
    if state is Port.REFUSED:
        text = T(
            "{name} is up, and the ports of KubeKey's HAProxy are free ({ports})",
            name=node_names(worker.name),
            ports=", ".join(map(str, ports)),
        )
        return Observation(Outcome.OK, target, text)
    text = T("{name}: {what}", name=node_names(worker.name), what=port_words(state))
    return Observation(Outcome.FAILED, target, text, network_advice(state, FIND_LISTENER))


CHECK = Check("workers-before", 35, T("Workers"), run, before=True)
