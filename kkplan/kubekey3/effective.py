"""The effective endpoint of a config by kk's own logic, and what it means when a machine fails.

Source: KubeKey v3.1.12 (run, tests/kubekey3), cmd/kk/apis/kubekey/v1alpha2/default.go (SetDefaultLBCfg), cmd/kk/pkg/bootstrap/os/templates/
init_script.go (/etc/hosts) and cmd/kk/pkg/loadbalancer.
"""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.backend import API_SERVER_PORT, Backend, one_address_of
from kkplan.cluster.cluster import Cluster, Host, bracketed, control_planes_in_words, workers_in_words
from kkplan.cluster.endpoint import EffectiveEndpoint, Route
from kkplan.kubekey3.certificates import cert_sans
from kkplan.kubekey3.config import K3S, K8E
from kkplan.kubekey3.endpoint import (
    DEFAULT_PORT,
    ENDPOINT_PATH,
    HAPROXY,
    KUBE_VIP,
    ControlPlaneEndpoint,
    wanted_types,
)
from kkplan.kubekey3.endpoint_readers import (
    REPLACED,
    address_after_defaults,
    earlier_line,
    haproxy_is_refused,
    kube_vip_fault,
    notes,
    weak_points,
)
from kkplan.kubekey3.hosts import internal_ipv4
from kkplan.kubekey3.keys import fold
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, Text, node_names
from kkplan.schema.violation import Kind, Violation


def effective_endpoint(subject: Subject) -> EffectiveEndpoint:
    """The endpoint that `kk create cluster` would set up."""
    known = subject.config.effective_endpoints
    if not any(endpoint is subject.endpoint for endpoint, _ in known):
        known.append((subject.endpoint, _effective_endpoint(subject)))
    return next(effective for endpoint, effective in known if endpoint is subject.endpoint)


def _effective_endpoint(subject: Subject) -> EffectiveEndpoint:
    refusal = next(_refusals(subject), None)
    if refusal is not None:
        return _of(subject, Route.REFUSED, "", refusal)
    by_haproxy = subject.endpoint.internal_loadbalancer == HAPROXY
    return _with_haproxy(subject) if by_haproxy else _without_haproxy(subject)


def _refusals(subject: Subject) -> Iterator[Text]:
    """Why kk stops with an error or a panic and installs nothing, in kk's order; see rules KK112 to KK117, KK302."""
    config = subject.config
    yield from (stop.message for stop in config.stops)
    if any(config.duplicate_keys):
        yield T("a duplicate key: kk stops with an error")
    for key, _ in subject.endpoint.wrong_types():
        yield T("kk cannot read {key} and stops with an error", key=key)
    for violation in config.violations:
        # The endpoint knows the values that a plan sets.
        is_of_plan = subject.today is not None and _is_set_by_plans(violation)
        if violation.kind is Kind.WRONG_TYPE and violation.dotted.casefold() not in _READ_LATER and not is_of_plan:
            yield violation.message
    if config.name_panic is not None:
        yield config.name_panic.message
    yield from (stop.message for stop in config.label_stops)
    yield from _refused_roles(subject)


def _refused_roles(subject: Subject) -> Iterator[Text]:
    cluster = subject.cluster
    if not cluster.hosts:
        yield T("no hosts: kk stops with an error")
    for problem in subject.config.role_groups.problems:
        if problem.trap.stops_kk:
            yield T(
                "kk stops with an error at {entry} in role group {group}",
                entry=node_names(problem.entry),
                group=problem.group,
            )
    if not cluster.control_planes:
        yield T("no control plane: kk stops with an error")
    if cluster.wants_etcd_members and not cluster.etcd_members:
        yield T("no etcd member: kk stops with an error")


# The loader keeps it as raw JSON; its tasks fail if it is not a mapping (registry.go, DockerRegistryAuthEntries).
_READ_LATER = frozenset(("spec.registry.auths",))


def _is_set_by_plans(violation: Violation) -> bool:
    path = [fold(str(part)) for part in violation.path]
    return path[:-1] == [fold(key) for key in ENDPOINT_PATH] and path[-1] in map(fold, wanted_types())


def _with_haproxy(subject: Subject) -> EffectiveEndpoint:
    endpoint, cluster, distribution = subject.endpoint, subject.cluster, subject.config.distribution
    if endpoint.address:
        return _of(
            subject,
            Route.NOTHING_INSTALLED,
            "",
            T("both haproxy and an address: kk prints one line, exits with status 0 and installs nothing"),
        )
    if endpoint.port != DEFAULT_PORT:
        return _of(
            subject,
            Route.UNREACHABLE,
            "127.0.0.1",
            T("workers connect to 127.0.0.1:{port}, but KubeKey's HAProxy listens only on 6443", port=endpoint.port),
        )
    if not cluster.workers_only:
        text = T(
            "{planes}; every worker is a control plane, so no machine runs HAProxy: each node uses its own API server",
            planes=control_planes_in_words(len(cluster.control_planes)),
        )
        return _of(subject, Route.LOCAL_HAPROXY, "127.0.0.1", text)
    if haproxy_is_refused(subject):
        text = T("workers connect to HAProxy at 127.0.0.1, which marks every API server as DOWN: anonymous-auth is off")
        return _of(subject, Route.UNREACHABLE, "127.0.0.1", text)
    if distribution in (K3S, K8E):
        text = T("workers connect to 127.0.0.1, but with {kind} KubeKey's HAProxy does not work", kind=distribution)
        return _of(subject, Route.UNREACHABLE, "127.0.0.1", text)
    return _of(
        subject,
        Route.LOCAL_HAPROXY,
        "127.0.0.1",
        T(
            "{planes}; HAProxy on {workers} forwards 127.0.0.1:6443 to {backends}",
            planes=control_planes_in_words(len(cluster.control_planes)),
            workers=workers_in_words(len(cluster.workers_only)),
            backends=", ".join(f"{bracketed(host.address)}:6443" for host in cluster.control_planes),
        ),
    )


def _without_haproxy(subject: Subject) -> EffectiveEndpoint:
    endpoint, cluster = subject.endpoint, subject.cluster
    first = cluster.control_planes[0]
    own = internal_ipv4(first)
    count = len(cluster.control_planes)
    values: dict[str, object] = {
        "planes": control_planes_in_words(count),
        "domain": endpoint.domain,
        "address": bracketed(endpoint.address),
        "port": endpoint.port,
        "first": own,
        "name": node_names(first.name),
        "served": API_SERVER_PORT,
    }
    if is_kube_vip_without_address(endpoint) and endpoint.external_dns:
        # pkg/loadbalancer/tasks.go, CheckVIPAddress
        text = T("kube-vip without an address: kk stops with an error during the install")
        return _of(subject, Route.UNREACHABLE, own, text)
    by_kube_vip = endpoint.internal_loadbalancer == KUBE_VIP
    if (
        not endpoint.address
        and subject.config.skips_hosts_file
        and not by_kube_vip
        and (endpoint.external_dns or count > 1)
    ):
        text = T("{planes}; nodes find {domain}:{port} by DNS, and kk does not change /etc/hosts", **values)
        return _of(subject, Route.ADDRESS, "", text)
    if not endpoint.address and endpoint.external_dns:
        text = T(
            "{domain}:{port} by DNS, but kk still writes `{first} {domain}` into every node's /etc/hosts, which "
            "overrides DNS",
            **values,
        )
        return _of(subject, Route.SHADOWED_DNS, own, text)
    if endpoint.address in REPLACED:
        if by_kube_vip:
            text = T("kube-vip without a VIP of its own: the VIP becomes {first}, which belongs to {name}", **values)
            return _of(subject, Route.FIRST_CONTROL_PLANE, own, text)
        if count == 1:
            text = (
                T("one control plane: {first} ({name}), port {port}", **values)
                if endpoint.port == API_SERVER_PORT
                else T(
                    "one control plane: {first} ({name}); nodes connect to port {port}, but it listens on {served}",
                    **values,
                )
            )
            return _of(subject, Route.SINGLE, own, text)
        text = T("{planes}, no load balancer: kk uses {first} ({name}) for all nodes", **values)
        return _of(subject, Route.FIRST_CONTROL_PLANE, own, text)
    owner = cluster.host_at(endpoint.address)
    if owner is not None and (by_kube_vip or owner in cluster.control_planes):
        text = T("{address}:{port} belongs to {owner}: no load balancer", owner=node_names(owner.name), **values)
        return _of(subject, Route.FIRST_CONTROL_PLANE, endpoint.address, text)
    if owner is not None:
        text = T(
            "{address}:{port} belongs to {owner}, which is not a control plane: it must forward to all of them",
            owner=node_names(owner.name),
            **values,
        )
        return _of(subject, Route.ADDRESS, endpoint.address, text)
    if by_kube_vip:
        text = (
            kube_vip_fault(subject) or T("{planes} behind kube-vip's VIP {address}:{port}", **values)
            if endpoint.port == API_SERVER_PORT
            else T(
                "nodes connect to kube-vip's VIP {address} on port {port}, but kube-vip serves only port {served}",
                **values,
            )
        )
        return _of(subject, Route.KUBE_VIP, endpoint.address, text)
    text = T("{planes} behind the load balancer at {address}:{port} ({domain})", **values)
    return _of(subject, Route.ADDRESS, endpoint.address, text)


def _of(subject: Subject, route: Route, address: str, summary: Text) -> EffectiveEndpoint:
    endpoint, cluster = subject.endpoint, subject.cluster
    by_haproxy = route.installs and endpoint.internal_loadbalancer == HAPROXY
    is_served = route is not Route.UNREACHABLE and not asks_unserved_port(subject, route)
    if route is Route.KUBE_VIP and kube_vip_fault(subject) is not None:
        is_served = False
    served_by = tuple(_served_by(subject, route, address))
    shadow = tuple(_shadow(subject)) if route in (Route.ADDRESS, Route.KUBE_VIP) else ()
    survives = route.is_balanced and len(cluster.control_planes) > 1 and is_served
    return EffectiveEndpoint(
        route=route,
        domain=endpoint.domain,
        # kk does not write /etc/hosts then (create_cluster.go, ConfigureOS).
        address="" if subject.config.skips_hosts_file else address,
        port=endpoint.port,
        survives=survives and not one_address_of(served_by) and cluster.host_at(address) is None and not shadow,
        summary=summary,
        load_balancer=_load_balancer(subject, route, address),
        is_served=is_served,
        resolved_by_site=subject.config.skips_hosts_file,
        served_by=served_by,
        list_cert_sans=lambda: (
            cert_sans(subject.config, endpoint.domain, address_after_defaults(subject)) if route.installs else ()
        ),
        haproxy_hosts=tuple(host.name for host in cluster.workers_only) if by_haproxy else (),
        haproxy_bind="127.0.0.1:6443" if by_haproxy and cluster.workers_only else "",  # templates/haproxyConfig.go
        haproxy_servers=tuple(map(_ssh_backend, cluster.control_planes)) if by_haproxy else (),
        kube_vip_hosts=tuple(host.name for host in cluster.control_planes) if route is Route.KUBE_VIP else (),
        kube_vip_address=address if route is Route.KUBE_VIP else "",
        first_control_planes=tuple(_first_control_planes(cluster)) if route.installs else (),
        weak_points=(*shadow, *(weak_points(subject) if survives else ())),
        notes=tuple(notes(subject)) if route.installs else (),
    )


def _shadow(subject: Subject) -> Iterator[Text]:
    """Another line for the domain, which nodes use in place of the endpoint's (KK126)."""
    earlier = None if subject.config.skips_hosts_file else earlier_line(subject)
    if earlier is not None:
        yield T(
            "{address}: nodes use it for {domain}, because the line of {owner} in /etc/hosts comes first",
            address=earlier[1],
            domain=subject.endpoint.domain,
            owner=earlier[0],
        )


def _first_control_planes(cluster: Cluster) -> Iterator[str]:
    """The first control plane of each role group: kk goes through the groups in the random order of a Go map.

    Source: kube_runtime.go, NewKubeRuntime, and core/connector/runtime.go, GetHostsByRole.
    """
    names = {host.name for host in cluster.control_planes}
    firsts = (next((name for name in members if name in names), None) for _, members in cluster.groups)
    yield from dict.fromkeys(name for name in (cluster.control_planes[0].name, *firsts) if name is not None)


def _load_balancer(subject: Subject, route: Route, address: str) -> str:
    """The load balancer as other machines reach it. KubeKey's HAProxy is reachable only on its own node."""
    if route is Route.LOCAL_HAPROXY:
        return ""
    by_name = subject.endpoint.external_dns or route is Route.ADDRESS
    return subject.endpoint.address or (subject.endpoint.domain if by_name else address)


def _served_by(subject: Subject, route: Route, address: str) -> Iterator[Backend]:
    cluster = subject.cluster
    served: tuple[Host, ...] = cluster.control_planes
    if not route.is_balanced:
        owner = cluster.host_at(address)
        served = (owner,) if owner is not None else cluster.control_planes[:1]
    for host in served:
        yield _ssh_backend(host) if route is Route.LOCAL_HAPROXY else Backend(host.name, host.internal_address)


def _ssh_backend(host: Host) -> Backend:
    """The servers of KubeKey's HAProxy, which uses the SSH addresses (pkg/loadbalancer/templates)."""
    return Backend(host.name, host.address)


def is_kube_vip_without_address(endpoint: ControlPlaneEndpoint) -> bool:
    """Whether kube-vip has no VIP: kk uses the first control plane's own IP, or stops if externalDNS is true."""
    return endpoint.internal_loadbalancer == KUBE_VIP and not endpoint.address


def asks_unserved_port(subject: Subject, route: Route) -> bool:
    """Whether nodes connect to an API server itself, or to kube-vip, on a port where neither listens.

    KubeKey gives 6443 to every API server (kubernetes/tasks.go, BindPort) and to kube-vip (templates/kubevipManifest.go).
    """
    endpoint = subject.endpoint
    if endpoint.port == API_SERVER_PORT or (subject.config.skips_hosts_file and not endpoint.address):
        return False  # if kk does not write /etc/hosts, the domain may lead to a load balancer
    direct = route in (Route.FIRST_CONTROL_PLANE, Route.SINGLE)
    # If a person set a host's address, their own load balancer may listen there.
    return route is Route.KUBE_VIP or (direct and endpoint.address in REPLACED)
