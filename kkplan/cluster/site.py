"""The machines that an endpoint stands on: where one knocks to see whether it works."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from kkplan.cluster.backend import Backend
from kkplan.cluster.cluster import Cluster, is_ip
from kkplan.cluster.endpoint import EffectiveEndpoint, Route
from kkplan.cluster.load_balancer import LbHost


@dataclass(frozen=True)
class SiteMachine:
    """A machine by its name and the address that others use."""

    name: str
    address: str


@dataclass(frozen=True)
class Site:
    """Where to knock.

    Attributes:
        route: the way a request takes to an API server.
        address: the load balancer's IP address or DNS name; "" where it cannot be reached from outside of a node.
        lb_servers: the LB servers; empty where they are not known.
        haproxy_workers: the workers that KubeKey puts HAProxy on; empty on other routes.
    """

    route: Route
    address: str
    domain: str
    port: int
    backends: tuple[Backend, ...]
    lb_servers: tuple[SiteMachine, ...] = ()
    haproxy_workers: tuple[SiteMachine, ...] = ()

    @property
    def has_load_balancer(self) -> bool:
        """Whether the address is a load balancer's that can be seen from outside of a node."""
        return bool(self.address) and self.route not in (Route.FIRST_CONTROL_PLANE, Route.SINGLE)


def is_loopback(address: str) -> bool:
    """Whether it is an address of the machine itself, on whichever it is used."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def site_of(cluster: Cluster, effective: EffectiveEndpoint, lb_hosts: tuple[LbHost, ...] = ()) -> Site:
    """The site that the cluster's endpoint describes."""
    workers = cluster.workers_only if effective.route is Route.LOCAL_HAPROXY else ()
    return Site(
        route=effective.route,
        address="" if is_loopback(effective.load_balancer) else effective.load_balancer,
        domain=effective.domain,
        port=effective.port,
        backends=cluster.backends,
        lb_servers=tuple(SiteMachine(host.name, host.address) for host in lb_hosts),
        haproxy_workers=tuple(
            SiteMachine(host.name, host.internal_address) for host in workers if is_ip(host.internal_address)
        ),
    )
