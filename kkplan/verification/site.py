"""What is to be verified: the endpoint, and the machines around it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from kkplan.cluster.backend import Backend
from kkplan.cluster.cluster import Cluster
from kkplan.cluster.effective import Route, effective_endpoint
from kkplan.cluster.load_balancer import LbHost


@dataclass(frozen=True)
class Site:
    """Where to knock.

    Attributes:
        route: the way a request takes to an API server.
        address: the load balancer's IP address or DNS name; "" where it cannot be reached from outside of a node.
        lb_hosts: the LB servers; empty where they are not known.
    """

    route: Route
    address: str
    domain: str
    port: int
    backends: tuple[Backend, ...]
    lb_hosts: tuple[LbHost, ...] = ()


def is_loopback(address: str) -> bool:
    """Whether it is an address of the machine itself, on whichever it is used."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def site_of(cluster: Cluster, lb_hosts: tuple[LbHost, ...] = ()) -> Site:
    """The site that the cluster's endpoint describes."""
    effective = effective_endpoint(cluster)
    address = cluster.endpoint.address
    if effective.route is Route.LOCAL_HAPROXY:
        address = ""
    elif not address and cluster.endpoint.external_dns:
        address = cluster.endpoint.domain
    elif not address:
        address = effective.address
    if is_loopback(address):
        address = ""
    return Site(effective.route, address, cluster.endpoint.domain, effective.port, cluster.backends, lb_hosts)
