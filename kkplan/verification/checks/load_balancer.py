"""Whether the endpoint has a load balancer: without one, it does not survive a failure."""

from __future__ import annotations

from collections.abc import Sequence

from kkplan.cluster.endpoint import Route
from kkplan.locale import T, node_names
from kkplan.verification.check import Check, Observation, Outcome, ProbeContext
from kkplan.verification.probe import host_port


async def run(context: ProbeContext) -> Sequence[Observation]:
    """Needs no probe: the config says it."""
    site = context.site
    first = site.backends[0]
    target = host_port(site.address or first.address, site.port)
    if site.route is Route.FIRST_CONTROL_PLANE:
        text = T(
            "no load balancer to verify: the endpoint is {name} itself, one of {count} control planes",
            name=node_names(first.name),
            count=len(site.backends),
        )
        return [
            Observation(
                Outcome.FAILED, target, text, T("Choose an HA mode: kkplan plan CONFIG --mode …, then verify that plan")
            )
        ]
    if site.route is Route.SINGLE:
        text = T("no load balancer to verify: {name} is the only control plane", name=node_names(first.name))
        return [
            Observation(
                Outcome.WARNING, target, text, T("To survive a failure, use three control planes and a load balancer")
            )
        ]
    return []


CHECK = Check("load-balancer", 5, T("Load balancer"), run, before=True, after=True)
