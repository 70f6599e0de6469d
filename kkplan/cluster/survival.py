"""Single points of failure on the request path and below it.

Source: the sources of cluster/request_path.py; etcd's quorum: etcd's FAQ, "What is failure tolerance?".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kkplan.cluster.backend import one_address_of
from kkplan.cluster.cluster import Cluster
from kkplan.cluster.endpoint import EffectiveEndpoint, Route
from kkplan.cluster.request_path import Hop, host_port, request_path
from kkplan.locale import T, Text, Verbatim, node_names


@dataclass(frozen=True)
class Survival:
    """What a cluster survives.

    Attributes:
        road: request path from a worker's kubelet to an API server; empty if kk installs nothing.
        single_points: single points of failure of the control plane.
        etcd_members: number of etcd members; 0 if etcd is external.
        etcd_losses: how many of them may fail.
    """

    effective: EffectiveEndpoint
    road: tuple[Hop, ...]
    single_points: tuple[Text, ...]
    etcd_members: int
    etcd_losses: int


def survival(cluster: Cluster, effective: EffectiveEndpoint) -> Survival:
    """What the cluster survives with the endpoint that kk would set up."""
    members = len(cluster.etcd_members)
    return Survival(
        effective,
        request_path(cluster, effective),
        tuple(_single_points(cluster, effective)),
        members,
        max(0, (members - 1) // 2),
    )


def _single_points(cluster: Cluster, effective: EffectiveEndpoint) -> Iterator[Text]:
    if not effective.is_served:
        yield T(
            "the endpoint itself: nothing answers at {place}",
            place=Verbatim(host_port(effective.load_balancer or effective.domain, effective.port)),
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
        yield _only_api_server(cluster, effective.address or effective.load_balancer)
    elif effective.route is Route.ADDRESS and (owner := cluster.host_at(effective.load_balancer)) is not None:
        yield T(
            "{name} ({address}): the load balancer runs only there",
            name=node_names(owner.name),
            address=effective.load_balancer,
        )
    elif effective.route is Route.ADDRESS:
        yield T(
            "the load balancer at {address}, unless it has a standby: the config does not say",
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
        yield T("{name}: the only etcd member, which holds all data of the cluster", name=node_names(members[0].name))
    elif len(members) == 2:
        yield T("{names}: etcd on two members needs both", names=node_names(*(host.name for host in members)))


def _only_api_server(cluster: Cluster, address: str) -> Text:
    if not address:  # of the machine that kk runs on
        names = node_names(*(host.name for host in cluster.control_planes))
        return T("{name}: every node reaches an API server only there", name=names)
    owner = cluster.host_at(address)
    name = node_names(owner.name) if owner is not None else address
    return T("{name} ({address}): every node reaches an API server only there", name=name, address=address)
