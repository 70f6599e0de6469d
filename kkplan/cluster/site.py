"""The machines of an endpoint: where to connect to see whether it works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kkplan.cluster.backend import Backend
from kkplan.cluster.cluster import Cluster, ip_of, is_ip
from kkplan.cluster.endpoint import INIT_NODE, EffectiveEndpoint, Route
from kkplan.cluster.load_balancer import LbHost


class SiteMachine(NamedTuple):
    """A machine: its name and the address that other machines use."""

    name: str
    address: str


class HostsEntry(NamedTuple):
    """What kk writes for the endpoint's domain into a node's /etc/hosts.

    Attributes:
        addresses: where the domain leads; empty if kk writes no line for it.
    """

    node: str
    addresses: tuple[str, ...]


class Site(NamedTuple):
    """Where to connect.

    Attributes:
        route: the request path to an API server.
        address: the load balancer's IP address or DNS name; "" if it is reachable only on a node.
        lb_servers: the LB servers; empty if they are not known.
        haproxy_workers: the workers where KubeKey installs HAProxy; empty on other routes.
        hosts_entries: one for each node; empty if the nodes are not known.
    """

    route: Route
    address: str
    domain: str
    port: int
    backends: tuple[Backend, ...]
    lb_servers: tuple[SiteMachine, ...] = ()
    haproxy_workers: tuple[SiteMachine, ...] = ()
    hosts_entries: tuple[HostsEntry, ...] = ()

    @property
    def server_name(self) -> str:
        """The name to request in TLS: the domain, or the address if no domain is known."""
        return self.domain or self.address

    @property
    def has_load_balancer(self) -> bool:
        """Whether the address belongs to a load balancer that is reachable from outside a node."""
        return bool(self.address) and self.route not in (Route.FIRST_CONTROL_PLANE, Route.SINGLE)


def is_loopback(address: str) -> bool:
    """Whether the address is a loopback address, so that each machine reaches only itself."""
    ip = ip_of(address)
    return ip is not None and ip.is_loopback


def site_of(cluster: Cluster, effective: EffectiveEndpoint, lb_hosts: tuple[LbHost, ...] = ()) -> Site:
    """The site of the cluster's endpoint."""
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
        hosts_entries=tuple(_hosts_entries(cluster, effective)),
    )


def _hosts_entries(cluster: Cluster, effective: EffectiveEndpoint) -> Iterator[HostsEntry]:
    """If kk draws the node that initialises the cluster, its address may be that of any control plane."""
    if effective.leads_to:
        drawn = tuple(backend.address for backend in cluster.backends)
        for node in effective.leads_to:
            yield HostsEntry(node.node, drawn if INIT_NODE in node.after_install else node.after_install)
        return
    addresses = (effective.address,) if effective.address else ()
    for name in dict.fromkeys(host.name for host in (*cluster.control_planes, *cluster.workers)):
        yield HostsEntry(name, addresses)
