"""The path of a request from a kubelet to an API server, as hops with the machines at each: what drawings are made of.

Source: KubeKey v3.1.8, cmd/kk/pkg/loadbalancer/module.go (with HAProxy every kubelet talks to 127.0.0.1: on a control plane
to its own API server) and the sources of kubekey3/effective.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from kkplan.cluster.backend import API_SERVER_PORT
from kkplan.cluster.cluster import Cluster, bracketed
from kkplan.cluster.endpoint import EffectiveEndpoint, Route
from kkplan.cluster.load_balancer import LbHost
from kkplan.cluster.site import is_loopback
from kkplan.locale import T, Text
from kkplan.shown import shown, shown_node

_ONE_API_SERVER = (Route.FIRST_CONTROL_PLANE, Route.SHADOWED_DNS, Route.SINGLE)


class Mark(str, Enum):
    """What is to be seen of a node at a glance."""

    NONE = "none"
    SINGLE = "single"  # every request depends on it alone
    UNANSWERED = "unanswered"  # nobody listens there
    IDLE = "idle"  # no request reaches it
    RANDOM = "random"  # kk picks the machine that it leads to


class Node(NamedTuple):
    """One place that a request can come to; all texts as they may be shown.

    Attributes:
        name: of the machine, or the domain; "" where it has none.
        place: `IP:PORT`, or where a name leads to; "" where only the name counts.
        servers: the machines that serve the place in turn, each with its address.
    """

    name: str = ""
    place: str = ""
    mark: Mark = Mark.NONE
    servers: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Name and place on one line."""
        return " ".join(part for part in (self.name, self.place) if part)


class Hop(NamedTuple):
    """A stage of the path.

    Attributes:
        name: what it is.
        nodes: the places of this stage; a request comes to one of them.
        is_local: it is on each node of the hop before, which asks only its own.
    """

    name: Text
    nodes: tuple[Node, ...]
    is_local: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """Where a request can come to at this stage."""
        return tuple(node.text for node in self.nodes if node.mark is not Mark.IDLE)


def request_path(cluster: Cluster, effective: EffectiveEndpoint, lb_hosts: tuple[LbHost, ...] = ()) -> tuple[Hop, ...]:
    """From a worker's kubelet to an API server; empty where kk installs nothing, or where no host is known.

    Args:
        lb_hosts: the servers of the load balancer, where they are known.
    """
    hops = tuple(_hops(cluster, effective, lb_hosts)) if effective.route.installs else ()
    return hops if all(hop.nodes for hop in hops) else ()


def host_port(address: str, port: int) -> str:
    """`IP:PORT` as it may be shown."""
    return f"{bracketed(shown(address))}:{port}"


def _hops(cluster: Cluster, effective: EffectiveEndpoint, lb_hosts: tuple[LbHost, ...]) -> Iterator[Hop]:
    asking = cluster.workers_only or cluster.workers or cluster.control_planes
    kubelets = tuple(Node(shown_node(host.name)) for host in asking)
    yield Hop(T("a worker's kubelet") if cluster.workers else T("kubelet"), kubelets)
    local = Node(place=f"127.0.0.1:{API_SERVER_PORT}")
    unanswered = Node(
        place=host_port(effective.load_balancer or effective.domain, effective.port), mark=Mark.UNANSWERED
    )
    if effective.route is Route.LOCAL_HAPROXY and not cluster.workers_only:
        yield Hop(T("API server on the same control plane"), (local,), is_local=True)
        return
    if effective.route is Route.LOCAL_HAPROXY:
        yield Hop(T("HAProxy on the same worker"), (local,), is_local=True)
    elif effective.route is not Route.UNREACHABLE:
        how = T("/etc/hosts or DNS, as you set it") if effective.resolved_by_site else T("/etc/hosts")
        is_random = effective.route is Route.FIRST_CONTROL_PLANE and not effective.address
        mark = Mark.RANDOM if is_random else Mark.NONE
        yield Hop(how, (Node(shown(effective.domain), f"→ {shown(effective.address) or '?'}", mark),))
    if effective.route is Route.UNREACHABLE or not effective.is_served:
        yield Hop(T("nothing answers there"), (unanswered,), is_local=is_loopback(effective.load_balancer))
        return
    if effective.route in (Route.KUBE_VIP, Route.ADDRESS):
        by_kube_vip = effective.route is Route.KUBE_VIP
        name = T("kube-vip on one of the control planes") if by_kube_vip else T("load balancer")
        servers = tuple(f"{shown_node(host.name)} {shown(host.address)}" for host in lb_hosts)
        yield Hop(name, (unanswered._replace(mark=Mark.NONE, servers=servers),))
    yield Hop(T("API server"), tuple(_api_servers(cluster, effective)))


def _api_servers(cluster: Cluster, effective: EffectiveEndpoint) -> Iterator[Node]:
    """Those that a request can come to, and the others, which stand idle."""
    is_single = effective.route in _ONE_API_SERVER or len(cluster.control_planes) == 1
    mark = Mark.SINGLE if is_single else Mark.NONE
    for one in effective.served_by:
        yield Node(shown_node(one.name), host_port(one.address, one.port) if one.address else "", mark)
    served = {one.name for one in effective.served_by}
    for host in cluster.control_planes:
        if host.name not in served:
            place = host_port(host.internal_address, API_SERVER_PORT) if host.internal_address else ""
            yield Node(shown_node(host.name), place, Mark.IDLE)
