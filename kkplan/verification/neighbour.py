"""Who has an address on this machine's own network: what the kernel learned by ARP or neighbour discovery.

A machine whose firewall drops everything still answers these (RFC 826; RFC 4861, 7.2), so they show more than a port does.
Read with ip-neighbour(8); it needs no rights.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

# The kernel asks three times, a second between (Linux Documentation/networking/ip-sysctl, neigh/default); for an entry
# that is stale it waits 5 s first (arp(7), delay_first_probe_time).
_SETTLES_WITHIN = 9.0
_POLL = 0.25
_ASKED = {"INCOMPLETE"}
_OUTDATED = {"STALE", "DELAY", "PROBE"}
_CONFIGURED = {"PERMANENT", "NOARP"}  # not looked up
_DISCARD = 9  # RFC 863: the receiver discards the datagram


class Held(Enum):
    """Whether a machine has the address."""

    HERE = "here"
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Neighbour:
    """What is known about an address.

    Attributes:
        held: HERE where this machine has it; UNKNOWN where it is not on a network of this machine, or ip(8) is missing.
        mac: the link-layer address of the machine that has it; "" if none is known.
    """

    held: Held
    mac: str = ""


def protocol(address: str) -> str:
    """The protocol: ARP, or NDP for IPv6."""
    return "NDP" if ":" in address else "ARP"


async def neighbour(address: str, *, anew: bool = True) -> Neighbour:
    """Who has the address; an empty datagram makes the kernel ask. A DNS name is UNKNOWN.

    Args:
        anew: ignore old entries until the kernel has asked again, which takes some seconds.
    """
    try:
        own = ip_address(address) in await own_addresses()
    except ValueError:
        return Neighbour(Held.UNKNOWN)
    if own:
        return Neighbour(Held.HERE)
    _send_to(address)
    unsettled = _ASKED | _OUTDATED if anew else _ASKED
    end = asyncio.get_running_loop().time() + _SETTLES_WITHIN
    while True:
        states, mac = await _entry(address)
        if not states & unsettled or asyncio.get_running_loop().time() > end:
            break
        await asyncio.sleep(_POLL)
    if not states or states & _CONFIGURED:
        return Neighbour(Held.UNKNOWN)
    if mac and not states & {"FAILED", "INCOMPLETE"}:
        return Neighbour(Held.YES, mac)
    return Neighbour(Held.NO)


async def own_addresses() -> set[IPv4Address | IPv6Address]:
    """This machine's IP addresses; none if ip(8) is missing."""
    devices = await _ip("address", "show")
    return {
        ip_address(known["local"]) for device in devices for known in device.get("addr_info", ()) if "local" in known
    }


def _send_to(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as datagrams, suppress(OSError):  # no route, or no machine answers
        datagrams.setblocking(False)
        datagrams.sendto(b"", (address, _DISCARD))


async def _entry(address: str) -> tuple[set[str], str]:
    # If several networks were tried, the one that answered counts.
    for entry in sorted(await _ip("neighbour", "show", "to", address), key=lambda entry: "lladdr" not in entry):
        return set(entry.get("state", ())), str(entry.get("lladdr", ""))
    return set(), ""


async def _ip(*arguments: str) -> list[dict[str, Any]]:
    """The output of ip(8); nothing if it is missing or has no JSON (iproute2 before 4.14)."""
    program = shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return []
    process = await asyncio.create_subprocess_exec(
        program,
        "-json",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    written, _ = await process.communicate()
    try:
        found: list[dict[str, Any]] = json.loads(written or b"[]")
    except ValueError:
        return []
    return found
