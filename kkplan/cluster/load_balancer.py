"""Servers and floating address of a self-managed load balancer."""

from __future__ import annotations

from typing import NamedTuple


class LbHost(NamedTuple):
    """A server that runs Keepalived and HAProxy.

    Attributes:
        address: its own IP address, without prefix.
        nic: the network interface that has the address and will hold the VIP.
        nic_is_assumed: the NIC was not set.
    """

    name: str
    address: str
    nic: str
    nic_is_assumed: bool = False


class Vip(NamedTuple):
    """The virtual IP address that one of the servers holds.

    Attributes:
        prefix: prefix length of its network, as `ip addr` writes it after the slash.
        prefix_is_assumed: the prefix was not set.
    """

    address: str
    prefix: int
    prefix_is_assumed: bool = False


class LoadBalancer(NamedTuple):
    """A self-managed load balancer.

    Attributes:
        vip: None if there is no VIP, or it is not known yet.
        hosts: the servers that can hold the VIP; None if they are not known.
        is_guide: the servers get the files of KubeSphere's guide, not kkplan's.
    """

    vip: Vip | None = None
    hosts: tuple[LbHost, ...] | None = None
    is_guide: bool = False
