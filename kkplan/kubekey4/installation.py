"""What the tasks of `kk create cluster` do with the files: the init node, the nodes of HAProxy and kube-vip, and where a
task fails.

Source: KubeKey v4.0.6 (run, tests/kubekey4), builtin/core/playbooks/create_cluster.yaml and builtin/core/roles: native/dns,
kubernetes/pre-kubernetes, init-kubernetes, join-kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, ip_network

from kkplan.cluster.cluster import ip_of
from kkplan.kubekey4.defaults import HAPROXY, KUBE_VIP, KUBE_VIP_MODES, LOCAL
from kkplan.kubekey4.files import INIT_NODE, Files, block_of
from kkplan.kubekey4.go_data import Data, rendered, value_at
from kkplan.kubekey4.inventory import CLUSTER, CONTROL_PLANES, WORKERS, Inventory
from kkplan.kubekey4.loading import BLOCK_PATH
from kkplan.kubekey4.precheck import IP_ADDRESS, Failure, Phase, null_failure, precheck_failures
from kkplan.locale import T, named, node_names

_SHORTEST_PREFIX = 16  # no NIC of a machine has a wider network


def failures(files: Files) -> tuple[Failure, ...]:
    """What ends kk, in its own order. Without an inventory, only what the config alone tells."""
    if not files.found_failures:
        files.found_failures.append(tuple(_failures(files)))
    found: tuple[Failure, ...] = files.found_failures[0]
    return found


def goes_through(files: Files) -> bool:
    """Whether nothing in the files ends kk: only then is there an endpoint to judge."""
    return not files.load_stops and not failures(files)


def _failures(files: Files) -> Iterator[Failure]:
    yield from precheck_failures(files)
    for host, variables in files.variables_in_cluster():
        yield from _tasks(host, variables)
    if files.inventory is not None:
        yield from _tasks_with_nodes(files, files.inventory)


def init_candidates(files: Files) -> tuple[str, ...]:
    """The nodes of which kk draws the one that initialises the cluster; one where it is certain, none where there is none.

    It draws with an exclusive upper bound (roles/defaults/tasks/main.yaml): the last control plane is never drawn.
    """
    inventory = files.inventory
    if inventory is None:
        return ()
    pinned = next((value for host in ("", *inventory.hosts) if (value := files.own_value(host, INIT_NODE))), None)
    if pinned is not None:
        return (rendered(pinned),)
    planes = inventory.members_of(CONTROL_PLANES)
    return planes[:-1] or planes


def _tasks(host: str, variables: Data) -> Iterator[Failure]:
    block = block_of(variables)
    kind = block.get("type")
    if kind == LOCAL and block.get("local") is None:
        yield null_failure(Phase.INSTALL, ".".join((*BLOCK_PATH, "local")), host)
    apiserver = value_at(variables, "kubernetes", "apiserver")
    if apiserver is None:
        yield null_failure(Phase.INSTALL, "kubernetes.apiserver", host)
    sans = value_at(apiserver, "certSANs")
    if isinstance(sans, (str, bool, float)):
        yield Failure(
            Phase.INSTALL,
            T("certSANs is not a list: kk stops when it writes kubeadm's config, after everything else"),
            T("Write it as a list: [a, b]"),
            ("kubernetes", "apiserver", "certSANs"),
            host,
        )
    if kind == KUBE_VIP and isinstance(kube_vip := block.get("kube_vip"), dict):
        mode = kube_vip.get("mode")
        if mode not in KUBE_VIP_MODES:
            yield Failure(
                Phase.INSTALL,
                T("unknown kube_vip.mode {mode}: kk stops", mode=rendered(mode)),
                T("Write one of {types}", types=", ".join(KUBE_VIP_MODES)),
                (*BLOCK_PATH, "kube_vip", "mode"),
                host,
            )
    if value_at(variables, "dns") is None:
        yield null_failure(Phase.INSTALL, "dns", host)


def _tasks_with_nodes(files: Files, inventory: Inventory) -> Iterator[Failure]:
    without = next((host for host in _haproxy_workers(files, inventory) if not _haproxy_block(files, host)), None)
    if without is not None:
        yield null_failure(Phase.INSTALL, ".".join((*BLOCK_PATH, "haproxy")), without)
    hosts = (host for host in _vip_hosts(files, inventory) if IP_ADDRESS.fullmatch(_vip_of(files, host)))
    off = next((host for host in hosts if not _is_on_network(files, host)), None)
    if off is not None:
        yield Failure(
            Phase.INSTALL,
            T(
                "kube_vip.address {vip} is in no network of control plane {host}: kk stops after it has installed etcd",
                vip=_vip_of(files, off),
                host=node_names(off),
            ),
            T("Write a free IPv4 address of the control planes' network"),
            (*BLOCK_PATH, "kube_vip", "address"),
            off,
        )
    candidates = init_candidates(files)
    if candidates and candidates[0] not in inventory.members_of(CLUSTER) and inventory.members_of(CLUSTER):
        yield Failure(
            Phase.INSTALL,
            T(
                "{key} is {node}, which is not a host of the cluster: kk stops",
                key=named(INIT_NODE),
                node=node_names(candidates[0]),
            ),
            T("Name a control plane, or delete the line"),
            (INIT_NODE,),
        )
    for host in candidates:
        addresses = files.internal_addresses(host)
        if addresses and not files.own_value(host, "internal_ipv4"):
            yield Failure(
                Phase.INSTALL,
                T(
                    "{host} has only an IPv6 address: kk writes a kubeadm config that is invalid YAML",
                    host=node_names(host),
                ),
                T("Give the control planes an internal_ipv4"),
                host=host,
            )
            break


def haproxy_nodes(files: Files) -> tuple[str, ...]:
    """The nodes that kk puts HAProxy on: the workers that are no control planes, or none where one lacks the block."""
    hosts = tuple(_haproxy_workers(files, files.inventory)) if files.inventory is not None else ()
    return hosts if all(_haproxy_block(files, host) for host in hosts) else ()


def _haproxy_workers(files: Files, inventory: Inventory) -> Iterator[str]:
    planes, workers = set(inventory.members_of(CONTROL_PLANES)), set(inventory.members_of(WORKERS))
    for host in inventory.members_of(CLUSTER):
        if host in workers and host not in planes and block_of(files.variables(host)).get("type") == HAPROXY:
            yield host


def _haproxy_block(files: Files, host: str) -> Data:
    block = block_of(files.variables(host)).get("haproxy")
    return block if isinstance(block, dict) else {}


def kube_vip_nodes(files: Files) -> tuple[str, ...]:
    """The nodes that kk puts kube-vip on: the control planes, or none where it cannot go on one of them."""
    inventory = files.inventory
    if inventory is None:
        return ()
    hosts = tuple(_vip_hosts(files, inventory))
    modes = {block_of(files.variables(host))["kube_vip"].get("mode") for host in hosts}
    fits = all(_is_on_network(files, host) for host in hosts) and modes <= set(KUBE_VIP_MODES)
    return hosts if fits else ()


def _vip_hosts(files: Files, inventory: Inventory) -> Iterator[str]:
    """The control planes that are to hold the VIP."""
    cluster = set(inventory.members_of(CLUSTER))
    for host in inventory.members_of(CONTROL_PLANES):
        block = block_of(files.variables(host))
        if host in cluster and block.get("type") == KUBE_VIP and isinstance(block.get("kube_vip"), dict):
            yield host


def _vip_of(files: Files, host: str) -> str:
    return rendered(block_of(files.variables(host))["kube_vip"].get("address"))


def _is_on_network(files: Files, host: str) -> bool:
    """Whether a NIC of the host can have the VIP's network; the prefix is not in the files, so a wide one is taken."""
    vip, own = ip_of(_vip_of(files, host)), _ipv4_of(files, host)
    if vip is None or vip.version != 4 or own is None:
        return False
    return own in ip_network(f"{vip}/{_SHORTEST_PREFIX}", strict=False)


def _ipv4_of(files: Files, host: str) -> IPv4Address | None:
    """The IPv4 address whose network kk looks for the VIP in: the internal one, or where SSH goes if that is none."""
    reached = value_at(files.own_value(host, "connector"), "host")
    for value in (files.own_value(host, "internal_ipv4"), None if files.internal_addresses(host)[1:] else reached):
        address = ip_of(rendered(value).partition("/")[0])
        if address is not None:
            return address if isinstance(address, IPv4Address) else None
    return None
