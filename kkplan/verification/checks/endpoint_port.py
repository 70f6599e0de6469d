"""The endpoint's address before the install: open if the LB servers run, unused if they do not yet.

The VIP holder is found by ARP or NDP on a network of this machine, and by TCP only elsewhere.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kkplan.cluster.endpoint import Route
from kkplan.cluster.site import Site
from kkplan.locale import T, Text, node_names
from kkplan.verification.check import Check, Observation, Outcome, ProbeContext
from kkplan.verification.neighbour import Held, Neighbour, neighbour, protocol
from kkplan.verification.probe import Port, host_port, probe_port
from kkplan.verification.words import port_words

_OTHER_PORTS = (22, 80, 443)  # a machine that has the VIP by mistake may answer on one of these, open or refused
_ANSWERS = (Port.OPEN, Port.REFUSED)
_VRRP_MACS = ("00:00:5e:00:01:", "00:00:5e:00:02:")  # RFC 5798, 7.3; Keepalived's use_vmac


@dataclass(frozen=True)
class VipSigns:
    """The observation of a VIP.

    Attributes:
        address: the VIP.
        ports: the states of its ports, the endpoint's first.
        lb_ports: the endpoint's port at each LB server's own address.
        vip: who has the VIP.
        machines: the neighbours of the LB servers' own addresses, or of the control planes' if there are no LB servers; by name.
    """

    address: str
    ports: tuple[Port, ...]
    lb_ports: tuple[Port, ...]
    vip: Neighbour
    machines: Mapping[str, Neighbour]

    @property
    def pair_runs(self) -> bool:
        """Whether an LB server's own port is open, probably HAProxy's."""
        return Port.OPEN in self.lb_ports

    @property
    def answers_tcp(self) -> bool:
        """Whether anything answers at the VIP."""
        return any(port in _ANSWERS for port in self.ports)

    @property
    def by_neighbours(self) -> bool:
        """Whether ARP or NDP shows who has the VIP.

        Not in cloud networks that answer ARP themselves, with one MAC address for all machines.
        """
        macs = Counter(known.mac for known in self.machines.values() if known.mac)
        return self.vip.held in (Held.YES, Held.NO) and all(count == 1 for count in macs.values())

    @property
    def holder(self) -> str:
        """The machine that has the VIP; "" if that is not known."""
        if not self.by_neighbours or not self.vip.mac:
            return ""
        return next((name for name, known in self.machines.items() if known.mac == self.vip.mac), "")

    @property
    def has_stranger(self) -> bool:
        """Whether none of the machines has the VIP, and all their MAC addresses are known."""
        known = all(machine.mac for machine in self.machines.values())
        strange = bool(self.vip.mac) and not self.vip.mac.startswith(_VRRP_MACS)
        return self.by_neighbours and known and strange and not self.holder


async def run(context: ProbeContext) -> Sequence[Observation]:
    """Probe the address, and for a VIP find out who has it."""
    site = context.site
    if not site.has_load_balancer:
        return [_skipped(site)] if not site.address else []
    target = host_port(site.address, site.port)
    if not site.lb_servers and site.route is not Route.KUBE_VIP:
        return [judged_port(target, await probe_port(site.address, site.port, context.timeout))]
    return [judged(target, await _signs(context))]


def _skipped(site: Site) -> Observation:
    text = T(
        "the endpoint is 127.0.0.1 on each node: it cannot be reached from outside, and exists only after the install"
    )
    return Observation(Outcome.SKIPPED, site.domain, text)


async def _signs(context: ProbeContext) -> VipSigns:
    site = context.site
    machines = site.lb_servers or site.backends
    ports, lb_ports, known = await asyncio.gather(
        asyncio.gather(*(probe_port(site.address, port, context.timeout) for port in (site.port, *_OTHER_PORTS))),
        asyncio.gather(*(probe_port(lb.address, site.port, context.timeout) for lb in site.lb_servers)),
        asyncio.gather(*(neighbour(machine.address, anew=False) for machine in machines)),
    )
    vip = await neighbour(site.address, anew=not any(port in _ANSWERS for port in ports))
    by_name = dict(zip((machine.name for machine in machines), known, strict=True))
    return VipSigns(site.address, tuple(ports), tuple(lb_ports), vip, by_name)


def judged_port(target: str, port: Port) -> Observation:
    """The load balancer's port, if its servers are not known."""
    if port is Port.OPEN:
        return Observation(Outcome.OK, target, T("the port accepts connections (TCP)"))
    advice = T("Create it with this port before the install, and check its firewall or security group")
    if port is Port.UNKNOWN_NAME:
        advice = T("Create the DNS record before the install")
    return Observation(Outcome.FAILED, target, T("load balancer: {what}", what=port_words(port)), advice)


def judged(target: str, signs: VipSigns) -> Observation:
    """The VIP: held by the pair, by another machine, or unused."""
    judge = _judged_stranger if signs.has_stranger else _judged_running if signs.pair_runs else _judged_unused
    outcome, what, advice = judge(signs, protocol(signs.address))
    return Observation(outcome, target, what, advice)


def _judged_stranger(signs: VipSigns, way: str) -> tuple[Outcome, Text, Text | None]:
    text = T(
        "another machine has the VIP: the MAC address {mac} does not belong to {names} (checked by {way})",
        mac=signs.vip.mac,
        names=node_names(*signs.machines),
        way=way,
    )
    return Outcome.FAILED, text, T("Find it and remove the address from it, or plan again with a free one")


def _judged_running(signs: VipSigns, way: str) -> tuple[Outcome, Text, Text | None]:
    if signs.ports[0] is Port.OPEN:
        text = T("the VIP's port accepts connections (TCP); this machine cannot see which LB server holds the VIP")
        if signs.vip.held is Held.HERE:
            text = T("this machine holds the VIP, and its port accepts connections (TCP)")
        elif signs.holder:
            text = T(
                "{name} holds the VIP (checked by {way}), and its port accepts connections (TCP)",
                name=node_names(signs.holder),
                way=way,
            )
        return Outcome.OK, text, None
    text = T("an LB server's own port is open, but the VIP's is not: {what}", what=port_words(signs.ports[0]))
    if signs.by_neighbours and signs.vip.held is Held.NO:
        text = T("an LB server's own port is open, but no machine has the VIP (checked by {way})", way=way)
    return Outcome.FAILED, text, T("Check: journalctl -u keepalived. In a cloud, the network has to allow the VIP")


def _judged_unused(signs: VipSigns, way: str) -> tuple[Outcome, Text, Text | None]:
    held = _held_too_early(signs, way)
    if held is not None:
        return Outcome.FAILED, held, T("Check why it already has the VIP, or plan again with a free address")
    if signs.by_neighbours:
        text = T("the VIP is free: no machine in this network answers for it (checked by {way})", way=way)
    elif signs.vip.held is Held.YES:
        text = T(
            "no port answers at the VIP (checked by TCP only: this network answers {way} itself for every address)",
            way=way,
        )
    else:
        text = T(
            "no port answers at the VIP (checked by TCP only: to be sure, run this on a machine in the VIP's subnet)"
        )
    return Outcome.OK, text, None


def _held_too_early(signs: VipSigns, way: str) -> Text | None:
    """Who has the VIP before any LB server runs; None if nobody is seen to."""
    if signs.vip.held is Held.HERE:
        return T("this machine itself has the VIP, though no LB server's port is open")
    if signs.holder:
        return T(
            "{name} has the VIP (checked by {way}), though no LB server's port is open",
            name=node_names(signs.holder),
            way=way,
        )
    if signs.by_neighbours and signs.vip.held is Held.YES:
        return T(
            "a machine with the MAC address {mac} has the VIP (checked by {way}), though no machine should have it yet",
            mac=signs.vip.mac,
            way=way,
        )
    if signs.answers_tcp:
        return T("a machine has the VIP: it answers (checked by TCP), though no machine should have it yet")
    return None


CHECK = Check("endpoint-port", 20, T("Endpoint"), run, before=True)
