"""The endpoint that kk 4.0.5 and newer would set up, and what that means when a machine dies.

Source: KubeKey v4.0.6 (run, tests/kubekey4); precheck.py, installation.py and local_dns.py name the roles.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from kkplan.cluster.backend import Backend, one_address_of
from kkplan.cluster.cluster import Cluster, Host, bracketed, control_planes_in_words, is_ip, workers_in_words
from kkplan.cluster.endpoint import EffectiveEndpoint, Route
from kkplan.cluster.names import is_dns_name
from kkplan.kubekey4.certificates import cert_sans
from kkplan.kubekey4.defaults import DEFAULT_PORT, HAPROXY, KUBE_VIP, LOCAL
from kkplan.kubekey4.endpoint import ControlPlaneEndpoint, api_server_port
from kkplan.kubekey4.files import Files, block_of
from kkplan.kubekey4.go_data import rendered, value_at
from kkplan.kubekey4.installation import failures, haproxy_nodes, init_candidates, kube_vip_nodes
from kkplan.kubekey4.local_dns import leads_to, writes_hosts_file
from kkplan.kubekey4.precheck import Phase
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T, Text, node_names

LOOPBACK = "127.0.0.1"
# Bind addresses that a request to 127.0.0.1 or ::1 comes to.
REACHED_BINDS = frozenset((LOOPBACK, "0.0.0.0", "*", "::1", "::", "localhost"))  # noqa: S104


def effective_endpoint(subject: Subject) -> EffectiveEndpoint:
    """The endpoint that `kk create cluster` would set up."""
    files = subject.config
    if files.load_stops:
        return _of(subject, Route.REFUSED, "", files.load_stops[0].message)
    found = failures(files)
    early = [failure for failure in found if failure.phase is not Phase.INSTALL]
    if found:
        return _of(subject, Route.REFUSED if early else Route.UNREACHABLE, "", (early or found)[0].message)
    return _installed(subject)


def _installed(subject: Subject) -> EffectiveEndpoint:
    endpoint, cluster = subject.endpoint, subject.cluster
    if subject.config.inventory is None:
        text = T(
            "type {type}; without an inventory it is unknown where {domain} leads on which node",
            type=rendered(endpoint.type),
            domain=endpoint.host,
        )
        return _of(subject, _route_by_type(endpoint), endpoint.address, text)
    if is_ip(endpoint.host):
        return _at_address(subject)
    named = next((host for host in cluster.hosts if host.name == endpoint.host), None)
    if named is not None and named.internal_address:
        text = T("{host} is a node's own name: every node asks that node", host=node_names(named.name))
        return _of(subject, Route.FIRST_CONTROL_PLANE, named.internal_address, text)
    if not _is_name(endpoint.host):
        return _of(subject, Route.UNREACHABLE, "", T("host is not a valid name: nodes cannot look it up"))
    if not writes_hosts_file(subject.config.variables("")):
        text = T(
            "nodes reach {domain}:{port} through the site's DNS; kk does not write /etc/hosts",
            domain=endpoint.host,
            port=endpoint.port,
        )
        return _of(subject, Route.ADDRESS, "", text)
    return _BY_TYPE.get(str(endpoint.type), _with_unknown_type)(subject)


def _is_name(text: str) -> bool:
    return is_dns_name(text.lower().removesuffix(".").replace("_", "-"))


def _route_by_type(endpoint: ControlPlaneEndpoint) -> Route:
    if endpoint.type == LOCAL:
        return Route.ADDRESS if endpoint.local_address else Route.FIRST_CONTROL_PLANE
    return {HAPROXY: Route.LOCAL_HAPROXY, KUBE_VIP: Route.KUBE_VIP}.get(str(endpoint.type), Route.UNREACHABLE)


def _at_address(subject: Subject) -> EffectiveEndpoint:
    """An IP address in place of a name is never looked up."""
    endpoint, cluster = subject.endpoint, subject.cluster
    owner = cluster.host_at(endpoint.host)
    values: dict[str, object] = {"address": bracketed(endpoint.host), "port": endpoint.port}
    if owner is not None:
        text = T(
            "{address}:{port}, the own address of {owner}: no load balancer", owner=node_names(owner.name), **values
        )
        return _of(subject, Route.FIRST_CONTROL_PLANE, endpoint.host, text)
    if ip_address(endpoint.host).is_loopback:
        text = T("{address}:{port} on every node: control planes ask themselves", **values)
        return _of(subject, Route.UNREACHABLE, endpoint.host, text)
    text = T(
        "{planes} behind {address}:{port}, which nodes use without a lookup",
        planes=control_planes_in_words(len(cluster.control_planes)),
        **values,
    )
    return _of(subject, Route.ADDRESS, endpoint.host, text)


def _with_local(subject: Subject) -> EffectiveEndpoint:
    endpoint, cluster = subject.endpoint, subject.cluster
    count = len(cluster.control_planes)
    values: dict[str, object] = {
        "planes": control_planes_in_words(count),
        "domain": endpoint.host,
        "address": bracketed(endpoint.local_address),
        "port": endpoint.port,
    }
    if endpoint.local_address:
        if not is_ip(endpoint.local_address):
            text = T("local.address is not an IP address: {domain} leads nowhere", **values)
            return _of(subject, Route.UNREACHABLE, endpoint.local_address, text)
        owner = cluster.host_at(endpoint.local_address)
        if owner is not None:
            text = T(
                "{address}:{port}, the own address of {owner}: no load balancer", owner=node_names(owner.name), **values
            )
            return _of(subject, Route.FIRST_CONTROL_PLANE, endpoint.local_address, text)
        text = T("{planes} behind the load balancer at {address}:{port} ({domain})", **values)
        return _of(subject, Route.ADDRESS, endpoint.local_address, text)
    candidates = _hosts_named(cluster, init_candidates(subject.config))
    first = candidates[0] if candidates else None
    address = first.internal_address if first is not None and len(candidates) == 1 else ""
    if count == 1:
        text = (
            T("one control plane: {first} ({name}), port {port}", first=address, name=_names(candidates), **values)
            if address
            else T("one control plane: {name}, port {port}", name=_names(candidates), **values)
        )
        return _of(subject, Route.SINGLE, address, text)
    if len(candidates) == 1:
        text = T(
            "{planes}, no load balancer: all workers use the node that initialises the cluster ({name}, {first}). If it "
            "fails, no worker reaches an API server",
            name=_names(candidates),
            first=address,
            **values,
        )
    else:
        text = T(
            "{planes}, no load balancer: all workers use the node that initialises the cluster ({name}, at random). If it "
            "fails, no worker reaches an API server",
            name=_names(candidates),
            **values,
        )
    return _of(subject, Route.FIRST_CONTROL_PLANE, address, text)


def _with_haproxy(subject: Subject) -> EffectiveEndpoint:
    endpoint, cluster = subject.endpoint, subject.cluster
    nodes = haproxy_nodes(subject.config)
    values: dict[str, object] = {
        "planes": control_planes_in_words(len(cluster.control_planes)),
        "port": endpoint.port,
        "bind": endpoint.haproxy_bind,
        "api": endpoint.api_server_port,
    }
    if nodes and endpoint.haproxy_bind not in REACHED_BINDS:
        text = T("workers ask 127.0.0.1:{port}, but HAProxy listens on {bind} only", **values)
        return _of(subject, Route.UNREACHABLE, LOOPBACK, text)
    if not nodes:
        text = T(
            "{planes}; no worker that is not one of them, so HAProxy on no machine: each node asks its own API server",
            **values,
        )
        return _of(subject, Route.LOCAL_HAPROXY, LOOPBACK, text)
    text = T(
        "{planes}; HAProxy on {workers}, which forwards 127.0.0.1:{port} to {backends}",
        workers=workers_in_words(len(nodes)),
        backends=", ".join(f"{bracketed(one.address)}:{one.port}" for one in _haproxy_servers(subject)),
        **values,
    )
    return _of(subject, Route.LOCAL_HAPROXY, LOOPBACK, text)


def _with_kube_vip(subject: Subject) -> EffectiveEndpoint:
    endpoint = subject.endpoint
    values: dict[str, object] = {
        "planes": control_planes_in_words(len(subject.cluster.control_planes)),
        "address": endpoint.vip,
        "port": endpoint.port,
        "served": DEFAULT_PORT,
    }
    text = (
        T("{planes} behind kube-vip's VIP {address}:{port}", **values)
        if endpoint.port == DEFAULT_PORT
        else T("nodes ask kube-vip's VIP {address} at port {port}, but it is served at {served} only", **values)
    )
    return _of(subject, Route.KUBE_VIP, endpoint.vip, text)


def _with_unknown_type(subject: Subject) -> EffectiveEndpoint:
    text = T(
        "unknown type {type}: {domain} is 127.0.0.1 on every node, so no node can join",
        type=rendered(subject.endpoint.type),
        domain=subject.endpoint.host,
    )
    return _of(subject, Route.UNREACHABLE, LOOPBACK, text)


_BY_TYPE = {LOCAL: _with_local, HAPROXY: _with_haproxy, KUBE_VIP: _with_kube_vip}


def unserved_port(subject: Subject) -> bool:
    """Whether nothing listens on the endpoint's port: only a load balancer outside may have another than the API servers.

    A control plane asks its own API server at the endpoint's port, and kube-vip serves 6443 only.
    """
    endpoint = subject.endpoint
    if endpoint.port < 1 or endpoint.port > 65535:
        return True
    kind = endpoint.type
    if is_ip(endpoint.host) and subject.cluster.host_at(endpoint.host) is None:
        return False
    if kind == KUBE_VIP:
        return endpoint.port != DEFAULT_PORT or endpoint.api_server_port != DEFAULT_PORT
    is_outside = (kind == LOCAL and bool(endpoint.local_address)) or not writes_hosts_file(subject.config.variables(""))
    return not is_outside and endpoint.port != endpoint.api_server_port


def _of(subject: Subject, route: Route, address: str, summary: Text) -> EffectiveEndpoint:
    endpoint, cluster, files = subject.endpoint, subject.cluster, subject.config
    loads = not files.load_stops
    is_known = loads and files.inventory is not None
    is_served = route is not Route.UNREACHABLE and not unserved_port(subject)
    served_by = tuple(_served_by(subject, route, address)) if is_known else ()
    survives = route.is_balanced and len(cluster.control_planes) > 1 and is_served and is_known
    if survives and route is Route.LOCAL_HAPROXY and not haproxy_nodes(files):
        survives = not cluster.workers_only
    if not is_served and route not in (Route.UNREACHABLE, Route.REFUSED):
        summary = T("{summary}; nothing listens on port {port}", summary=summary, port=endpoint.port)
    return EffectiveEndpoint(
        route=route,
        domain=endpoint.host,
        address=address if is_ip(address) else "",
        port=endpoint.port,
        survives=survives and not one_address_of(served_by),
        summary=summary,
        load_balancer=_load_balancer(subject, route, address),
        is_served=is_served,
        resolved_by_site=not writes_hosts_file(files.variables("")) if loads else False,
        served_by=served_by,
        list_cert_sans=lambda: cert_sans(files) if loads else (),
        haproxy_hosts=haproxy_nodes(files) if loads else (),
        haproxy_bind=_haproxy_bind(files) if loads else "",
        haproxy_servers=tuple(_haproxy_servers(subject)) if loads and haproxy_nodes(files) else (),
        kube_vip_hosts=kube_vip_nodes(files) if loads else (),
        kube_vip_address=endpoint.vip if loads and kube_vip_nodes(files) else "",
        first_control_planes=init_candidates(files) if loads else (),
        leads_to=leads_to(files) if loads else (),
        notes=tuple(_notes(subject, route)) if loads else (),
    )


def _load_balancer(subject: Subject, route: Route, address: str) -> str:
    """What others see: HAProxy is seen on its own node only."""
    if route is Route.LOCAL_HAPROXY:
        return ""
    return address or (subject.endpoint.host if route is Route.ADDRESS else "")


def _served_by(subject: Subject, route: Route, address: str) -> Iterator[Backend]:
    cluster = subject.cluster
    served: tuple[Host, ...] = cluster.control_planes
    if not route.is_balanced:
        owner = cluster.host_at(address)
        served = (owner,) if owner is not None else _hosts_named(cluster, init_candidates(subject.config))
    for host in served:
        yield Backend(host.name, host.internal_address, subject.endpoint.api_server_port)


def _haproxy_bind(files: Files) -> str:
    """What HAProxy listens on, on the first worker that has one."""
    for host in haproxy_nodes(files):
        block = block_of(files.variables(host))
        return f"{rendered(value_at(block, 'haproxy', 'address'))}:{rendered(block.get('port'))}"
    return ""


def _haproxy_servers(subject: Subject) -> Iterator[Backend]:
    files = subject.config
    port = api_server_port(files, next(iter(haproxy_nodes(files)), ""))
    for host in subject.cluster.control_planes:
        if host.internal_address:
            yield Backend(host.name, host.internal_address, port)


def _hosts_named(cluster: Cluster, names: tuple[str, ...]) -> tuple[Host, ...]:
    known = {host.name: host for host in cluster.hosts}
    return tuple(known[name] for name in names if name in known)


def _names(hosts: tuple[Host, ...]) -> object:
    return node_names(*(host.name for host in hosts))


def _notes(subject: Subject, route: Route) -> Iterator[Text]:
    """What the files do not tell, and may take the endpoint away."""
    yield T("This describes kk 4.0.5 and newer; older versions differ. Check yours: kk version")
    if subject.config.inventory is None:
        yield T(
            "no inventory: hosts, roles and where the endpoint leads on each node are unknown. Pass it: --inventory FILE"
        )
        return
    is_outside = subject.endpoint.type == LOCAL and bool(subject.endpoint.local_address)
    if (
        route in (Route.LOCAL_HAPROXY, Route.FIRST_CONTROL_PLANE)
        and not is_outside
        and writes_hosts_file(subject.config.variables(""))
    ):
        yield T(
            "`kk add nodes`, and a second `kk create cluster`, make {domain} lead to the init node on all existing nodes",
            domain=subject.endpoint.host,
        )
    if len(init_candidates(subject.config)) > 1:
        yield T(
            "kk picks the node that initialises the cluster at random; {key} in the config's spec fixes it",
            key="init_kubernetes_node",
        )
