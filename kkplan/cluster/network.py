"""The nodes' network, as far as their addresses tell: no config says how large it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from itertools import islice
from typing import NamedTuple

from kkplan.cluster.cluster import Cluster, ip_of

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The usual size of a subnet, and the largest that is worth a guess.
ASSUMED_PREFIX = {4: 24, 6: 64}
_LARGEST_PREFIX = {4: 16, 6: 48}
_FIRST_FREE = 10  # addresses below are often routers
_TRIED = 1000


class NodesNetwork(NamedTuple):
    """Where the nodes are.

    Attributes:
        first, last: the lowest and the highest of their addresses.
        network: the smallest usual subnet that has all of them. The real one may be larger.
    """

    first: Address
    last: Address
    network: Network


def nodes_network(cluster: Cluster) -> NodesNetwork | None:
    """The network of the nodes' first addresses; None if they are in several, or there are none."""
    addresses = [address for host in cluster.hosts if (address := ip_of(host.internal_address)) is not None]
    if not addresses or len({address.version for address in addresses}) > 1:
        return None
    first, last = min(addresses, key=int), max(addresses, key=int)
    version = first.version
    for prefix in range(ASSUMED_PREFIX[version], _LARGEST_PREFIX[version] - 1, -1):
        network = ip_network(f"{first}/{prefix}", strict=False)
        if last in network:
            return NodesNetwork(first, last, network)
    return None


def free_address(cluster: Cluster, *others: str) -> str:
    """An address in the nodes' network that the config gives to nobody, with its prefix; "" if the network is unknown.

    Args:
        others: addresses that are taken too.
    """
    nodes = nodes_network(cluster)
    if nodes is None:
        return ""
    taken = {ip_of(address) for address in (*others, *(own for host in cluster.hosts for own in host.addresses))}
    free = (address for address in _candidates(nodes.network) if address not in taken)
    return next((f"{address}/{nodes.network.prefixlen}" for address in free), "")


def is_in_any(address: str, networks: Iterable[str]) -> bool:
    """Whether one of the networks contains the IP address; texts that are no network are skipped."""
    for network in networks:
        try:
            if ip_of(address) in ip_network(network.strip(), strict=False):
                return True
        except ValueError:
            continue
    return False


def network_of_one(address: str) -> str:
    """The network that consists of this address."""
    return f"{address}/{128 if ':' in address else 32}"


def _candidates(network: Network) -> Iterator[Address]:
    size = network.num_addresses
    return islice((network[number] for number in range(_FIRST_FREE, size - 1)), _TRIED)
