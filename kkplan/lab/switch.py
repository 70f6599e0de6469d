"""An Ethernet switch: a Linux bridge on a machine of its own."""

from __future__ import annotations

import subprocess
from shlex import quote

from kkplan.lab.machine import Machine, minimal_environment


class Switch(Machine):
    """An Ethernet switch that machines are plugged into."""

    def __init__(self) -> None:
        super().__init__()
        self.do("ip link add bridge type bridge forward_delay 0 && ip link set bridge up")

    def plug(self, machine: Machine, addresses: tuple[str, ...], nic: str = "eth0") -> None:
        """Give the machine a NIC with these addresses, each written with its prefix."""
        port = _port(machine)
        cable = ["name", port, "type", "veth", "peer", "name", nic, "netns", str(machine.pid)]
        # From outside the switch's PID namespace, where the machine's process id means something.
        subprocess.run(
            ["nsenter", "--target", str(self.pid), "--net", "ip", "link", "add", *cable],
            check=True,
            env=minimal_environment(),
        )
        self.do(f"ip link set {port} master bridge up")
        nic = quote(nic)
        machine.do(f"ip link set {nic} up")
        for address in addresses:
            # Duplicate address detection would keep an IPv6 address back for a second.
            nodad = " nodad" if ":" in address else ""
            machine.do(f"ip addr add {address} dev {nic}{nodad}")

    def set_link(self, machine: Machine, up: bool) -> None:
        """Pull the machine's cable, or plug it in again: the machine sees its carrier go and come."""
        self.do(f"ip link set {_port(machine)} {'up' if up else 'down'}")

    def isolate(self, machine: Machine, isolated: bool) -> None:
        """Keep frames between isolated machines back (bridge(8), "isolated"); all others still reach them."""
        self.do(f"bridge link set dev {_port(machine)} isolated {'on' if isolated else 'off'}")


def _port(machine: Machine) -> str:
    return f"port{machine.pid}"
