"""Who has an address on this machine's own network: what the kernel learned by ARP or neighbour discovery.

A machine whose firewall drops everything still answers these (RFC 826; RFC 4861, 7.2), so they tell more than a port does.
Read with ip-neighbour(8); it needs no rights.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import dataclass
from enum import Enum

# A stale entry is asked for again 5 s after it is used, three times with a second between (tcp(7); Documentation/networking/ip-sysctl).
_SETTLES_WITHIN = 9.0
_POLL = 0.25
_UNSETTLED = {"STALE", "DELAY", "PROBE"}


class Held(Enum):
    """Whether a machine has the address."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Neighbour:
    """What is known of an address.

    Attributes:
        held: UNKNOWN where the address is not on a network of this machine, or ip(8) is missing.
        mac: the link-layer address of the machine that has it; "" where none is known.
    """

    held: Held
    mac: str = ""


async def neighbour(address: str) -> Neighbour:
    """Who has the address; something must have been sent to it just before, so that the kernel has asked."""
    end = asyncio.get_running_loop().time() + _SETTLES_WITHIN
    while True:
        states, mac = await _entry(address)
        if not states & _UNSETTLED or asyncio.get_running_loop().time() > end:
            break
        await asyncio.sleep(_POLL)
    if not states:
        return Neighbour(Held.UNKNOWN)
    if mac and not states & {"FAILED", "INCOMPLETE"}:
        return Neighbour(Held.YES, mac)
    return Neighbour(Held.NO)


async def _entry(address: str) -> tuple[set[str], str]:
    program = shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return set(), ""
    process = await asyncio.create_subprocess_exec(
        program,
        "-json",
        "neighbour",
        "show",
        "to",
        address,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    written, _ = await process.communicate()
    try:
        entries = json.loads(written or b"[]")
    except ValueError:  # an iproute2 without JSON, before 4.14
        return set(), ""
    for entry in entries:
        return set(entry.get("state", ())), str(entry.get("lladdr", ""))
    return set(), ""
