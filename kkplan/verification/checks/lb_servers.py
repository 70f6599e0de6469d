"""Each LB server's port is open before the cluster is installed, though no API server is there yet: HAProxy accepts.

TCP alone does not show which program accepts, so the report does not say so either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kkplan.locale import T, node_names
from kkplan.verification.check import Check, Observation, Outcome, ProbeContext
from kkplan.verification.probe import Port, host_port, probe_port
from kkplan.verification.words import network_advice, port_words


async def run(context: ProbeContext) -> Sequence[Observation]:
    """Probe each LB server's own address."""
    site = context.site
    ports = await asyncio.gather(*(probe_port(lb.address, site.port, context.timeout) for lb in site.lb_servers))
    return [
        judged(lb.name, host_port(lb.address, site.port), port) for lb, port in zip(site.lb_servers, ports, strict=True)
    ]


def judged(name: str, target: str, port: Port) -> Observation:
    """The result for the port of an LB server."""
    if port is Port.OPEN:
        return Observation(Outcome.OK, target, T("{name}: the port accepts connections (TCP)", name=node_names(name)))
    advice = network_advice(port, T("Run install.sh on it, or check: journalctl -u haproxy"))
    return Observation(
        Outcome.FAILED, target, T("{name}: {what}", name=node_names(name), what=port_words(port)), advice
    )


CHECK = Check("lb-servers", 10, T("LB servers"), run, before=True)
