"""The road of a request from a kubelet to an API server, and what on it, or below it, must not fail.

Source: KubeKey v3.1.8, cmd/kk/pkg/loadbalancer/module.go (with HAProxy every kubelet talks to 127.0.0.1: on a control plane
to its own API server) and the sources of cluster/effective.py; etcd's quorum: etcd's FAQ, "What is failure tolerance?".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kkplan.cluster.backend import API_SERVER_PORT, one_address_of
from kkplan.cluster.cluster import Cluster, Host
from kkplan.cluster.endpoint import EffectiveEndpoint, Route
from kkplan.locale import T, Text, Verbatim, node_names
from kkplan.shown import shown, shown_node


@dataclass(frozen=True)
class Hop:
    """A stage of the road.

    Attributes:
        name: what it is.
        places: where it is, any one of them, as it may be shown; `IP:PORT`, a domain or a machine.
    """

    name: Text
    places: tuple[str, ...]


@dataclass(frozen=True)
class Survival:
    """What a cluster lives through.

    Attributes:
        road: from a worker's kubelet to an API server; empty where kk installs nothing.
        single_points: what stops the control plane when it alone fails.
        etcd_members: their number; 0 where etcd is external.
        etcd_losses: how many of them may be lost.
    """

    effective: EffectiveEndpoint
    road: tuple[Hop, ...]
    single_points: tuple[Text, ...]
    etcd_members: int
    etcd_losses: int


def survival(cluster: Cluster, effective: EffectiveEndpoint) -> Survival:
    """The cluster with the endpoint that kk would set up."""
    members = len(cluster.etcd_members)
    return Survival(
        effective,
        tuple(_road(cluster, effective)),
        tuple(_single_points(cluster, effective)),
        members,
        max(0, (members - 1) // 2),
    )


def _road(cluster: Cluster, effective: EffectiveEndpoint) -> Iterator[Hop]:
    if effective.route in (Route.REFUSED, Route.NOTHING_INSTALLED):
        return
    asking = cluster.workers_only or cluster.workers or cluster.control_planes
    yield Hop(T("kubelet of a worker") if cluster.workers else T("kubelet"), _names(asking))
    api_servers = Hop(
        T("API server"),
        tuple(f"{shown_node(one.name)} {_at(one.address, one.port)}" for one in effective.served_by),
    )
    if effective.route is Route.LOCAL_HAPROXY and not cluster.workers_only:
        yield Hop(T("API server of the same control plane"), (f"127.0.0.1:{API_SERVER_PORT}",))
        return
    if effective.route is Route.LOCAL_HAPROXY:
        yield Hop(T("HAProxy on the same worker"), (f"127.0.0.1:{API_SERVER_PORT}",))
    elif effective.route is Route.UNREACHABLE:
        yield Hop(T("nobody answers there"), (_at(effective.load_balancer or effective.domain, effective.port),))
        return
    else:
        how = T("/etc/hosts or DNS, as you set it") if effective.resolved_by_site else T("/etc/hosts")
        yield Hop(how, (f"{shown(effective.domain)} → {shown(effective.address) or '?'}",))
    if not effective.is_served:
        yield Hop(T("nobody answers there"), (_at(effective.load_balancer, effective.port),))
        return
    if effective.route is Route.KUBE_VIP:
        yield Hop(T("kube-vip, on one of the control planes"), (_at(effective.load_balancer, effective.port),))
    elif effective.route is Route.ADDRESS:
        yield Hop(T("load balancer"), (_at(effective.load_balancer, effective.port),))
    yield api_servers


def _at(address: str, port: int) -> str:
    return f"[{shown(address)}]:{port}" if ":" in address else f"{shown(address)}:{port}"


def _single_points(cluster: Cluster, effective: EffectiveEndpoint) -> Iterator[Text]:
    if not effective.is_served:
        yield T(
            "the endpoint itself: nobody answers at {place}",
            place=Verbatim(_at(effective.load_balancer or effective.domain, effective.port)),
        )
    elif (
        effective.route is Route.FIRST_CONTROL_PLANE
        and len(effective.first_control_planes) > 1
        and not effective.address
    ):
        yield T(
            "the node that initialises the cluster, one of {names}: workers reach the API server there only",
            names=node_names(*effective.first_control_planes),
        )
    elif effective.route in (Route.FIRST_CONTROL_PLANE, Route.SHADOWED_DNS, Route.SINGLE):
        address = effective.address or effective.load_balancer
        owner = cluster.host_at(address)
        name = node_names(owner.name) if owner is not None else address
        yield T("{name} ({address}): every node reaches the API server there only", name=name, address=address)
    elif effective.route is Route.ADDRESS:
        yield T(
            "the load balancer at {address}, unless there are two of it: the config does not tell",
            address=effective.load_balancer,
        )
    elif one_address_of(effective.served_by):
        yield T(
            "{address}: requests reach every API server through this one address",
            address=one_address_of(effective.served_by),
        )
    elif len(cluster.control_planes) == 1:
        yield T("{name}: the only control plane", name=node_names(cluster.control_planes[0].name))
    yield from effective.weak_points
    members = cluster.etcd_members
    if len(members) == 1:
        yield T("{name}: the only etcd member, with all data of the cluster", name=node_names(members[0].name))
    elif len(members) == 2:
        yield T("{names}: etcd on two members needs both", names=node_names(*(host.name for host in members)))


def _names(hosts: tuple[Host, ...]) -> tuple[str, ...]:
    return tuple(shown_node(host.name) for host in hosts)
