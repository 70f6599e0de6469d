"""Who has an address, as the kernel of a lab's machine learns it, without any right of an administrator."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from kkplan.lab.switch import Switch
from kkplan.verification.neighbour import Held, Neighbour
from tests.conftest import ROOT
from tests.lb_programs import Machine
from tests.rehearsal.conftest import needs_lab

ASK = """
import asyncio, sys
from kkplan.verification.neighbour import neighbour
found = asyncio.run(neighbour(sys.argv[1]))
print(found.held.value, found.mac)
"""


@pytest.fixture
def machines() -> Iterator[tuple[Machine, Machine]]:
    """Two machines on a switch; the second answers at no port."""
    with Switch() as switch, Machine() as one, Machine() as other:
        switch.plug(one, ("172.16.0.1/24", "fd00:60::1/64"))
        switch.plug(other, ("172.16.0.2/24", "fd00:60::2/64"))
        other.do("nft add table inet silence")
        drop = "{ type filter hook input priority 0; policy drop; }"
        other.do(f"nft 'add chain inet silence in {drop}'")
        other.do("nft add rule inet silence in icmpv6 type '{ nd-neighbor-solicit, nd-neighbor-advert }' accept")
        yield one, other


def seen_from(machine: Machine, address: str) -> Neighbour:
    """Asked by a process that has none of root's capabilities."""
    machine.write("/run/ask.py", ASK.encode())
    command = (
        f"setpriv --bounding-set=-all --inh-caps=-all env PYTHONPATH={ROOT} {sys.executable} /run/ask.py {address}"
    )
    held, mac = machine.do(command).rstrip("\n").split(" ")
    return Neighbour(Held(held), mac)


@needs_lab
@pytest.mark.parametrize("network", ["172.16.0.", "fd00:60::"])
def test_who_has_an_address(machines: tuple[Machine, Machine], network: str) -> None:
    one, other = machines
    mac = other.do("ip -brief link show eth0").split()[2]
    assert seen_from(one, f"{network}2") == Neighbour(Held.YES, mac)
    assert seen_from(one, f"{network}1") == Neighbour(Held.HERE)
    assert seen_from(one, f"{network}10") == Neighbour(Held.NO)


@needs_lab
def test_an_address_that_has_moved_is_asked_for_anew(machines: tuple[Machine, Machine]) -> None:
    one, other = machines
    other.do("ip addr add 172.16.0.10/24 dev eth0")
    assert seen_from(one, "172.16.0.10").held is Held.YES
    other.do("ip addr del 172.16.0.10/24 dev eth0")
    one.do("ip neigh change 172.16.0.10 dev eth0 nud stale")
    assert seen_from(one, "172.16.0.10") == Neighbour(Held.NO)


@needs_lab
def test_beyond_the_own_networks_nothing_is_known(machines: tuple[Machine, Machine]) -> None:
    one, _ = machines
    one.do("ip route add 192.0.2.0/24 via 172.16.0.2")
    assert seen_from(one, "192.0.2.10") == Neighbour(Held.UNKNOWN)
    assert seen_from(one, "198.51.100.1") == Neighbour(Held.UNKNOWN)
    assert seen_from(one, "lb.example.com") == Neighbour(Held.UNKNOWN)
    one.do("ip neigh add 172.16.0.20 lladdr 02:00:00:00:00:01 dev eth0 nud permanent")
    assert seen_from(one, "172.16.0.20") == Neighbour(Held.UNKNOWN)
