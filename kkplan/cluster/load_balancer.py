"""The servers and the floating address of a load balancer of one's own."""

from __future__ import annotations

from typing import NamedTuple


class LbHost(NamedTuple):
    """A server that runs Keepalived and HAProxy.

    Attributes:
        address: its own IP address, without prefix.
        nic: the network interface that has the address and is to hold the VIP.
        nic_is_assumed: nobody named the NIC.
    """

    name: str
    address: str
    nic: str
    nic_is_assumed: bool = False


class Vip(NamedTuple):
    """The virtual IP address that one of the servers holds.

    Attributes:
        prefix: the length of its network's prefix, as `ip addr` writes it behind the slash.
        prefix_is_assumed: nobody gave the prefix.
    """

    address: str
    prefix: int
    prefix_is_assumed: bool = False


class LoadBalancer(NamedTuple):
    """A load balancer of one's own.

    Attributes:
        vip: None where none is planned, or it is not known yet.
        hosts: the servers that hold it in turn; None where they are not known.
    """

    vip: Vip | None = None
    hosts: tuple[LbHost, ...] | None = None
