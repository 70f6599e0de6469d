"""The control planes before the install: machines that are on and refuse connections, because nothing listens there yet."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kkplan.locale import T, node_names
from kkplan.verification.check import Check, Observation, Outcome, ProbeContext
from kkplan.verification.probe import Port, host_port, probe_port
from kkplan.verification.words import network_advice, port_words

FIND_LISTENER = T("If a cluster is installed there, use --after-install. Otherwise find the program: ss -ltnp")


async def run(context: ProbeContext) -> Sequence[Observation]:
    """Probe each API server's port."""
    backends = context.site.backends
    ports = await asyncio.gather(*(probe_port(backend.address, backend.port, context.timeout) for backend in backends))
    return [
        judged(backend.name, host_port(backend.address, backend.port), port)
        for backend, port in zip(backends, ports, strict=True)
    ]


def judged(name: str, target: str, port: Port) -> Observation:
    """The result for a machine where no API server should run yet."""
    if port is Port.REFUSED:
        return Observation(Outcome.OK, target, T("{name} is up; no API server yet, as expected", name=node_names(name)))
    if port is Port.OPEN:
        return Observation(
            Outcome.WARNING,
            target,
            T("{name}: a program already listens on the port", name=node_names(name)),
            FIND_LISTENER,
        )
    text = T("{name}: {what}", name=node_names(name), what=port_words(port))
    return Observation(Outcome.FAILED, target, text, network_advice(port, FIND_LISTENER))


CHECK = Check("backends-before", 30, T("Control planes"), run, before=True)
