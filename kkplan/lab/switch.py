"""An Ethernet switch: a Linux bridge on its own machine."""

from __future__ import annotations

import re

from kkplan.lab.machine import LabError, Machine
from kkplan.locale import T


class Switch(Machine):
    """An Ethernet switch that machines are plugged into."""

    def __init__(self) -> None:
        super().__init__()
        self.do("ip", "link", "add", "bridge", "type", "bridge", "forward_delay", "0")
        self.do("ip", "link", "set", "dev", "bridge", "up")

    def plug(self, machine: Machine, addresses: tuple[str, ...], nic: str = "eth0") -> None:
        """Give the machine a NIC with these addresses, each written with its prefix."""
        port = _port(machine)
        cable = ["name", port, "type", "veth", "peer", "name", nic, "netns", str(machine.pid)]
        # From outside the switch's PID namespace, where the machine's process id means something.
        self.do_in_network("ip", "link", "add", *cable)
        self.do("ip", "link", "set", "dev", port, "master", "bridge")
        # It learns no addresses: a hostile machine could make up millions. Frames for unknown ones go to all ports.
        self.do("bridge", "link", "set", "dev", port, "learning", "off")
        self.do("bridge", "fdb", "replace", _mac_address(machine, nic), "dev", port, "master", "static")
        self.do("ip", "link", "set", "dev", port, "up")
        machine.do("ip", "link", "set", "dev", nic, "up")
        for address in addresses:
            # Duplicate address detection would delay an IPv6 address by a second.
            nodad = ["nodad"] if ":" in address else []
            machine.do("ip", "addr", "add", address, "dev", nic, *nodad)

    def set_link(self, machine: Machine, up: bool) -> None:
        """Unplug the machine's cable, or plug it in again: the machine sees the carrier change."""
        self.do("ip", "link", "set", "dev", _port(machine), "up" if up else "down")

    def isolate(self, machine: Machine, isolated: bool) -> None:
        """Drop frames between isolated machines (bridge(8), "isolated"); all others still reach them."""
        self.do("bridge", "link", "set", "dev", _port(machine), "isolated", "on" if isolated else "off")

    def set_forwarding(self, machine: Machine, forwarding: bool) -> None:
        """Drop the machine's frames, or forward them again; its carrier stays (bridge(8), "state")."""
        self.do("bridge", "link", "set", "dev", _port(machine), "state", "3" if forwarding else "0")


def _mac_address(machine: Machine, nic: str) -> str:
    found = re.search(r" link/ether ([0-9a-f:]{17}) ", machine.do("ip", "-o", "link", "show", "dev", nic))
    if found is None:
        raise LabError(T("the NIC {nic} has no MAC address", nic=nic))
    return found[1]


def _port(machine: Machine) -> str:
    return f"port{machine.pid}"
