"""The nodes' network as their addresses suggest it, and an address that nobody has."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from kkplan.cluster.cluster import Cluster, Host
from kkplan.cluster.network import free_address, nodes_network
from kkplan.document.place import Place

PLACE = Place(1, 1, 2, "c.yaml")


def cluster(*addresses: str) -> Cluster:
    hosts = tuple(Host(f"n{number}", one, (one,), lambda: PLACE) for number, one in enumerate(addresses))
    return Cluster("c", PLACE, hosts)


@pytest.mark.parametrize(
    ("addresses", "network", "free"),
    [
        (("172.16.0.4", "172.16.0.9"), "172.16.0.0/24", "172.16.0.10/24"),
        (("172.16.0.9", "172.16.0.4"), "172.16.0.0/24", "172.16.0.10/24"),  # their order says nothing
        (("172.16.0.10", "172.16.0.11"), "172.16.0.0/24", "172.16.0.12/24"),
        (("10.0.0.200", "10.0.1.3"), "10.0.0.0/23", "10.0.0.10/23"),
        (("10.1.2.3",), "10.1.2.0/24", "10.1.2.10/24"),
        (("10.1.0.1", "10.1.255.9"), "10.1.0.0/16", "10.1.0.10/16"),
        (("fd00:1::2", "fd00:1::3"), "fd00:1::/64", "fd00:1::a/64"),
    ],
)
def test_the_smallest_usual_subnet_of_all_nodes(addresses: tuple[str, ...], network: str, free: str) -> None:
    nodes = nodes_network(cluster(*addresses))
    assert nodes is not None
    assert str(nodes.network) == network
    assert (str(nodes.first), str(nodes.last)) == (min(addresses, key=ip_address), max(addresses, key=ip_address))
    assert free_address(cluster(*addresses)) == free


@pytest.mark.parametrize(
    "addresses",
    [(), ("10.0.0.1", "192.168.0.1"), ("10.0.0.1", "fd00::1"), ("fd00::1", "fe00::1"), ("node1",), ("fe80::1%eth0",)],
)
def test_no_guess_where_the_addresses_suggest_none(addresses: tuple[str, ...]) -> None:
    assert nodes_network(cluster(*addresses)) is None
    assert free_address(cluster(*addresses)) == ""


def test_an_address_in_use_is_no_example() -> None:
    assert free_address(cluster("10.0.0.4"), "10.0.0.10", "", "not an address") == "10.0.0.11/24"
    assert free_address(cluster(*(f"10.0.0.{number}" for number in range(2, 255)))) == ""
