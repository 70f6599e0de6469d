"""Which endpoint kk would really use for a config, in its own logic, and what that means when a machine dies.

Source: KubeKey v3.1.8, cmd/kk/apis/kubekey/v1alpha2/default.go (SetDefaultLBCfg), cmd/kk/pkg/bootstrap/os/templates/
init_script.go (/etc/hosts) and cmd/kk/pkg/loadbalancer.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from kkplan.cluster.backend import API_SERVER_PORT
from kkplan.cluster.cluster import K3S, K8E, Cluster
from kkplan.cluster.endpoint import DEFAULT_PORT, HAPROXY, KUBE_VIP
from kkplan.locale import T, Text, node_names


class Route(str, Enum):
    """The way that a request takes to an API server."""

    REFUSED = "refused"
    NOTHING_INSTALLED = "nothing-installed"
    UNREACHABLE = "unreachable"
    LOCAL_HAPROXY = "local-haproxy"
    KUBE_VIP = "kube-vip"
    ADDRESS = "address"
    SHADOWED_DNS = "shadowed-dns"
    FIRST_CONTROL_PLANE = "first-control-plane"
    SINGLE = "single"


class EffectiveEndpoint(NamedTuple):
    """What kk makes of the block.

    Attributes:
        address: the IP that the domain is written to in /etc/hosts; "" where kk writes none.
        survives: the endpoint outlives the loss of any one control plane, as far as the config tells.
        summary: one sentence for a person.
    """

    route: Route
    domain: str
    address: str
    port: int
    survives: bool
    summary: Text


def effective_endpoint(cluster: Cluster) -> EffectiveEndpoint:
    """The endpoint that `kk create cluster` would set up."""
    endpoint = cluster.endpoint
    count = len(cluster.control_planes)
    wrong = next(iter(endpoint.wrong_types()), None)
    unmet = next((problem for problem in cluster.role_problems if problem.trap.stops_kk), None)
    if wrong is not None:
        return _of(cluster, Route.REFUSED, "", T("kk cannot read {key} and stops with an error", key=wrong[0]))
    if unmet is not None:
        text = T(
            "kk stops with an error at {entry} in role group {group}", entry=node_names(unmet.entry), group=unmet.group
        )
        return _of(cluster, Route.REFUSED, "", text)
    if count == 0:
        return _of(cluster, Route.REFUSED, "", T("no control plane: kk stops with an error"))
    if endpoint.internal_loadbalancer == HAPROXY:
        return _with_haproxy(cluster)
    return _without_haproxy(cluster)


def _with_haproxy(cluster: Cluster) -> EffectiveEndpoint:
    endpoint = cluster.endpoint
    if endpoint.address:
        return _of(
            cluster,
            Route.NOTHING_INSTALLED,
            "",
            T("haproxy and an address at the same time: kk prints one line, exits with status 0 and installs nothing"),
        )
    if endpoint.port != DEFAULT_PORT:
        return _of(
            cluster,
            Route.UNREACHABLE,
            "127.0.0.1",
            T("workers talk to 127.0.0.1:{port}, but KubeKey's HAProxy listens on 6443 only", port=endpoint.port),
        )
    if not cluster.workers_only:
        text = T(
            "{planes}; no worker that is not one of them, so HAProxy on no machine: each node asks its own API server",
            planes=planes_in_words(len(cluster.control_planes)),
        )
        return _of(cluster, Route.LOCAL_HAPROXY, "127.0.0.1", text)
    if cluster.distribution in (K3S, K8E):
        text = T(
            "workers talk to 127.0.0.1, but with {kind} KubeKey's HAProxy does not work", kind=cluster.distribution
        )
        return _of(cluster, Route.UNREACHABLE, "127.0.0.1", text)
    return _of(
        cluster,
        Route.LOCAL_HAPROXY,
        "127.0.0.1",
        T(
            "{planes}; HAProxy on {workers}, which forwards 127.0.0.1:6443 to {backends}",
            planes=planes_in_words(len(cluster.control_planes)),
            workers=_workers_in_words(len(cluster.workers_only)),
            backends=", ".join(f"{host.address}:6443" for host in cluster.control_planes),
        ),
    )


def _without_haproxy(cluster: Cluster) -> EffectiveEndpoint:
    endpoint = cluster.endpoint
    first = cluster.control_planes[0]
    count = len(cluster.control_planes)
    values: dict[str, object] = {
        "planes": planes_in_words(count),
        "domain": endpoint.domain,
        "address": f"[{endpoint.address}]" if ":" in endpoint.address else endpoint.address,
        "port": endpoint.port,
        "first": first.internal_address,
        "name": node_names(first.name),
        "served": API_SERVER_PORT,
    }
    if is_kube_vip_without_address(cluster) and endpoint.external_dns:
        return _of(cluster, Route.REFUSED, "", T("kube-vip without an address: kk stops with an error"))
    by_kube_vip = endpoint.internal_loadbalancer == KUBE_VIP
    if not endpoint.address and cluster.skips_hosts_file and not by_kube_vip and (endpoint.external_dns or count > 1):
        text = T("{planes}; nodes reach {domain}:{port} by DNS, and kk leaves /etc/hosts alone", **values)
        return _of(cluster, Route.ADDRESS, "", text)
    if not endpoint.address and endpoint.external_dns:
        text = T(
            "{domain}:{port} by DNS, but kk still writes `{first} {domain}` into every node's /etc/hosts, "
            "which shadows the DNS name",
            **values,
        )
        return _of(cluster, Route.SHADOWED_DNS, first.internal_address, text)
    if endpoint.address in _REPLACED:
        if by_kube_vip:
            text = T("kube-vip without an address of its own: the VIP becomes {first}, the own IP of {name}", **values)
            return _of(cluster, Route.FIRST_CONTROL_PLANE, first.internal_address, text)
        if count == 1:
            text = (
                T("one control plane: {first} ({name}), port {port}", **values)
                if endpoint.port == API_SERVER_PORT
                else T("one control plane: {first} ({name}); nodes ask port {port}, it listens on {served}", **values)
            )
            return _of(cluster, Route.SINGLE, first.internal_address, text)
        text = T("{planes}, no load balancer: kk silently takes {first} ({name}) for all", **values)
        return _of(cluster, Route.FIRST_CONTROL_PLANE, first.internal_address, text)
    owner = cluster.host_at(endpoint.address)
    if owner is not None:
        text = T(
            "{address}:{port}, the own address of {owner}: no load balancer", owner=node_names(owner.name), **values
        )
        return _of(cluster, Route.FIRST_CONTROL_PLANE, endpoint.address, text)
    if by_kube_vip:
        text = (
            T("{planes} behind kube-vip's VIP {address}:{port}", **values)
            if endpoint.port == API_SERVER_PORT
            else T("nodes ask kube-vip's VIP {address} at port {port}, but it is served at {served} only", **values)
        )
        return _of(cluster, Route.KUBE_VIP, endpoint.address, text)
    text = T("{planes} behind the load balancer at {address}:{port} ({domain})", **values)
    return _of(cluster, Route.ADDRESS, endpoint.address, text)


def planes_in_words(count: int) -> Text:
    """How many control planes, to begin a sentence's part with."""
    return T("one control plane") if count == 1 else T("{count} control planes", count=count)


def _workers_in_words(count: int) -> Text:
    return T("one worker") if count == 1 else T("{count} workers", count=count)


_REPLACED = ("", "127.0.0.1")  # addresses that kk replaces by the first control plane's
_SURVIVING = (Route.LOCAL_HAPROXY, Route.KUBE_VIP, Route.ADDRESS)


def _of(cluster: Cluster, route: Route, address: str, summary: Text) -> EffectiveEndpoint:
    endpoint = cluster.endpoint
    survives = route in _SURVIVING and len(cluster.control_planes) > 1 and not asks_unserved_port(cluster, route)
    return EffectiveEndpoint(route, endpoint.domain, address, endpoint.port, survives, summary)


def is_kube_vip_without_address(cluster: Cluster) -> bool:
    """kube-vip is wanted and has no VIP: kk takes the first control plane's own IP, or stops where externalDNS is true."""
    return cluster.endpoint.internal_loadbalancer == KUBE_VIP and not cluster.endpoint.address


def asks_unserved_port(cluster: Cluster, route: Route) -> bool:
    """Whether nodes go to an API server itself, or to kube-vip, at a port that neither listens at.

    KubeKey gives 6443 to every API server (kubernetes/tasks.go, BindPort) and to kube-vip (templates/kubevipManifest.go).
    """
    endpoint = cluster.endpoint
    if endpoint.port == API_SERVER_PORT or (cluster.skips_hosts_file and not endpoint.address):
        return False  # where kk writes no /etc/hosts, the domain may lead to a load balancer
    direct = route in (Route.FIRST_CONTROL_PLANE, Route.SINGLE)
    # At a host's own address that somebody has written, a load balancer of theirs may listen.
    return route is Route.KUBE_VIP or (direct and endpoint.address in _REPLACED)
