"""The endpoint's address before the install: open where the LB servers run, and nobody's where they do not yet."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kkplan.cluster.effective import Route
from kkplan.locale import T
from kkplan.verification.check import PORT_WORDS, Check, Circumstances, Outcome, Seen, place
from kkplan.verification.neighbour import Held, Neighbour, neighbour
from kkplan.verification.probe import Port, knock

_OTHER_PORTS = (22, 80, 443)  # a machine that has the VIP by mistake answers at one of these, open or refused


async def look(it: Circumstances) -> Sequence[Seen]:
    """Knock at the address, and where the LB servers are known, at them and at other ports of the address."""
    site = it.site
    target = place(site.address, site.port)
    if not site.address:
        return [
            Seen(
                Outcome.SKIPPED,
                site.domain,
                T(
                    "the endpoint is 127.0.0.1 on each node: it cannot be seen from outside, and is there after the install"
                ),
            )
        ]
    if site.route in (Route.FIRST_CONTROL_PLANE, Route.SINGLE):
        return [
            Seen(Outcome.SKIPPED, target, T("the endpoint is a control plane's own address: there is no load balancer"))
        ]
    port = await knock(site.address, site.port, it.timeout)
    if not site.lb_servers and site.route is not Route.KUBE_VIP:
        return [judged_alone(target, port)]
    lbs = await asyncio.gather(*(knock(lb.address, site.port, it.timeout) for lb in site.lb_servers))
    pair_runs = Port.OPEN in lbs
    if pair_runs and port is Port.OPEN:
        return [judged(target, port, pair_runs, [port], Neighbour(Held.YES))]
    others = await asyncio.gather(*(knock(site.address, other, it.timeout) for other in _OTHER_PORTS))
    return [judged(target, port, pair_runs, [port, *others], await neighbour(site.address))]


def judged_alone(target: str, port: Port) -> Seen:
    """The load balancer's port, where nothing is known of its servers."""
    if port is Port.OPEN:
        return Seen(Outcome.OK, target, T("the load balancer listens"))
    if port is Port.UNKNOWN_NAME:
        return Seen(
            Outcome.FAILED, target, T("the name does not resolve here"), T("Create the DNS record before the install")
        )
    return Seen(
        Outcome.FAILED,
        target,
        T("the load balancer does not listen ({port})", port=PORT_WORDS[port]),
        T("Create it with this port before the install; look at its firewall or security group"),
    )


def judged(target: str, port: Port, pair_runs: bool, all_ports: Sequence[Port], known: Neighbour) -> Seen:
    """The VIP: the pair's, a stranger's, or nobody's."""
    if pair_runs and port is Port.OPEN:
        return Seen(Outcome.OK, target, T("an LB server holds the VIP, and HAProxy listens"))
    if pair_runs:
        return Seen(
            Outcome.FAILED,
            target,
            T("HAProxy runs, but the VIP does not answer ({port})", port=PORT_WORDS[port]),
            T("Look at: journalctl -u keepalived. In a cloud, the network has to let the VIP through"),
        )
    if any(seen in (Port.OPEN, Port.REFUSED) for seen in all_ports):
        return Seen(
            Outcome.FAILED,
            target,
            T("another machine has the VIP: it answers, though nobody should hold it yet"),
            T("Find it, or choose a free address and plan again"),
        )
    if known.held is Held.YES:
        return Seen(
            Outcome.FAILED,
            target,
            T("a machine with the MAC address {mac} has the VIP, though nobody should hold it yet", mac=known.mac),
            T("Find it, or choose a free address and plan again"),
        )
    if known.held is Held.NO:
        return Seen(Outcome.OK, target, T("the VIP is free: no machine of this network answers for it (ARP or ND)"))
    return Seen(
        Outcome.OK,
        target,
        T("no port answers at the VIP. Whether it is free is seen better from a machine in its own subnet"),
    )


CHECK = Check("endpoint-port", 20, T("Endpoint"), look, before=True)
