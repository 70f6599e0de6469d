"""What `kk create cluster` does with the files, task by task: where its precheck or a task ends it, and the init node.

Source: KubeKey v4.0.6 (run, tests/kubekey4), builtin/core/playbooks/create_cluster.yaml and builtin/core/roles: defaults,
precheck, native/dns, kubernetes/pre-kubernetes, init-kubernetes, join-kubernetes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, NamedTuple

from kkplan.cluster.cluster import ip_of
from kkplan.kubekey4.defaults import DEFAULTS, KUBERNETES_VERSIONS
from kkplan.kubekey4.files import BLOCK_PATH, INIT_NODE, Files
from kkplan.kubekey4.go_data import Data, at, rendered
from kkplan.kubekey4.inventory import CLUSTER, CONTROL_PLANES, ETCD, LOCALHOST, WORKERS, Inventory
from kkplan.locale import T, Text, named, node_names

LOCAL, HAPROXY, KUBE_VIP = "local", "haproxy", "kube-vip"
TYPES = (LOCAL, HAPROXY, KUBE_VIP)
KUBE_VIP_MODES = ("ARP", "BGP")
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\Z")
# roles/precheck/kubernetes: an IPv4 address, or some spellings of an IPv6 one.
_VIP = re.compile(
    r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|"
    r"(?:[0-9a-fA-F]{1,4}:){7}(?:[0-9a-fA-F]{1,4}|:)|"
    r"(?:(?:[0-9a-fA-F]{1,4}:){1,6}|:):(?:[0-9a-fA-F]{1,4}|:){1,6}(?:[0-9a-fA-F]{1,4}|:)"
)
_SHORTEST_PREFIX = 16  # no NIC of a machine has a wider network


class Phase(Enum):
    """When kk ends."""

    DEFAULTS = "defaults"
    PRECHECK = "precheck"
    INSTALL = "install"


class Failure(NamedTuple):
    """What ends kk once the files are loaded.

    Attributes:
        path: where below the config's spec, or in the inventory's, it is written.
        host: the host whose variables it is about; "" for none in particular.
        group: the group that it is about; "" for none.
    """

    phase: Phase
    message: Text
    advice: Text
    path: tuple[str, ...] = ()
    host: str = ""
    group: str = ""


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
    yield from _defaults(files)
    inventory = files.inventory
    if inventory is not None:
        yield from _groups(inventory)
        yield from _hosts(files, inventory)
    yield from _once_for_each(files, _endpoint_precheck)
    yield from _once_for_each(files, _other_precheck)
    yield from _once_for_each(files, _tasks)
    if inventory is not None:
        yield from _tasks_with_nodes(files, inventory)


def _once_for_each(files: Files, look: Callable[[Files, str, Data], Iterator[Failure]]) -> Iterator[Failure]:
    """For the variables that most hosts have, and for the hosts of the cluster with variables of their own."""
    inventory = files.inventory
    differing = files.differing_hosts()
    members = set(inventory.members_of(CLUSTER)) if inventory is not None else set()
    if not members or members - differing.keys():
        yield from look(files, "", files.variables(""))
    for host, variables in differing.items():
        if host in members:
            yield from look(files, host, variables)


def block_of(variables: Data) -> Data:
    """The endpoint's block; empty where it is null."""
    try:
        block = at(variables, *BLOCK_PATH)
    except LookupError:
        return {}
    return block if isinstance(block, dict) else {}


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


# --- role defaults ---


def _defaults(files: Files) -> Iterator[Failure]:
    yield from _wrong_types(dict(DEFAULTS), files.common_given, (), "")
    for host in files.differing_hosts():
        yield from _wrong_types(dict(DEFAULTS), files.given(host), (), host)
    version = rendered(_get(files.spec, "kubernetes", "kube_version"))
    if ".".join(version.split(".")[:2]) not in KUBERNETES_VERSIONS:
        yield Failure(
            Phase.DEFAULTS,
            T("KubeKey 4 has no defaults for Kubernetes {version}: kk stops with an error", version=version),
            T("Write a version from {first} to {last}", first=KUBERNETES_VERSIONS[0], last=KUBERNETES_VERSIONS[-1]),
            ("kubernetes", "kube_version"),
        )


def _wrong_types(wanted: Data, given: Any, path: tuple[str, ...], host: str) -> Iterator[Failure]:
    """Where a default is a map or a list and what is given is something else; null is not looked at."""
    for key, default in wanted.items():
        value, here = given.get(key), (*path, key)
        if isinstance(default, dict) and isinstance(value, dict):
            yield from _wrong_types(default, value, here, host)
        elif isinstance(default, dict) and value is not None:
            message = T("{key} is not a mapping: kk stops with an error before any task", key=".".join(here))
            yield Failure(Phase.DEFAULTS, message, T("Give it keys and values"), here, host)
        elif isinstance(default, list) and default and value is not None and not isinstance(value, list):
            message = T("{key} is not a list: kk stops with an error before any task", key=".".join(here))
            yield Failure(Phase.DEFAULTS, message, T("Write it as a list: [a, b]"), here, host)


# --- precheck ---


def _groups(inventory: Inventory) -> Iterator[Failure]:
    for group in (CLUSTER, CONTROL_PLANES, ETCD):
        if not inventory.members_of(group):
            yield Failure(
                Phase.PRECHECK,
                T("no host in group {group}: kk's precheck stops", group=group),
                T("Name the hosts of the group in the inventory"),
                group=group,
            )
    count = len(inventory.members_of(ETCD))
    if count and count % 2 == 0:
        yield Failure(
            Phase.PRECHECK,
            T("{count} hosts in group etcd, an even number: kk's precheck stops", count=count),
            T("Use one, three or five hosts"),
            group=ETCD,
        )
    cluster = set(inventory.members_of(CLUSTER))
    for host in inventory.members_of(CONTROL_PLANES):
        if host not in inventory.hosts or (cluster and host not in cluster):
            yield Failure(
                Phase.PRECHECK,
                T(
                    "{host} of group {group} is not a host of the cluster: kk stops",
                    host=node_names(host),
                    group=CONTROL_PLANES,
                ),
                T("Add the host to spec.hosts and to the group k8s_cluster, or take it out of the group"),
                group=CONTROL_PLANES,
            )
    servers = inventory.members_of("nfs")
    if len(servers) > 1:
        yield Failure(
            Phase.PRECHECK,
            T("{count} hosts in group nfs: kk's precheck accepts only one", count=len(servers)),
            T("Leave one host in the group"),
            group="nfs",
        )


def _hosts(files: Files, inventory: Inventory) -> Iterator[Failure]:
    for host in inventory.hosts:
        if host == LOCALHOST:
            continue
        sets_name = _get(files.variables(host), "native", "set_hostname")
        if sets_name and not _HOST_NAME.match(host):
            yield Failure(
                Phase.PRECHECK,
                T(
                    "invalid host name {host}: kk's precheck accepts only lower-case letters, digits, - and .",
                    host=node_names(host),
                ),
                T("Rename the host"),
                host=host,
            )
        if not files.internal_addresses(host):
            yield Failure(
                Phase.PRECHECK,
                T("host {host} has no internal_ipv4 or internal_ipv6: kk's precheck stops", host=node_names(host)),
                T("Add internal_ipv4: the address that the other nodes reach it at"),
                host=host,
            )


def _endpoint_precheck(files: Files, host: str, variables: Data) -> Iterator[Failure]:
    try:
        kind = at(variables, *BLOCK_PATH, "type")
    except LookupError as error:
        yield _null(Phase.PRECHECK, str(error.args[0]), host)
        return
    if isinstance(kind, (bool, int, float, list, dict)):
        yield Failure(
            Phase.PRECHECK,
            T("type is not text: kk's precheck stops with an error"),
            T("Write one of {types}", types=", ".join(TYPES)),
            (*BLOCK_PATH, "type"),
            host,
        )
    if kind == KUBE_VIP:
        yield from _vip_precheck(files, host, variables)


def _vip_precheck(files: Files, host: str, variables: Data) -> Iterator[Failure]:
    path = (*BLOCK_PATH, "kube_vip", "address")
    try:
        vip = at(variables, *path)
    except LookupError as error:
        yield _null(Phase.PRECHECK, str(error.args[0]), host)
        return
    advice = T("Write a free IPv4 address of the control planes' network")
    if not vip:
        yield Failure(Phase.PRECHECK, T("kube-vip without kube_vip.address: kk's precheck stops"), advice, path, host)
    elif not isinstance(vip, str) or not _VIP.fullmatch(vip):
        yield Failure(
            Phase.PRECHECK, T("kube_vip.address is not an IP address: kk's precheck stops"), advice, path, host
        )
    else:
        for name in files.hosts_without_text[:1]:
            yield Failure(
                Phase.PRECHECK,
                T("an internal address of host {host} is not text: kk's precheck stops", host=node_names(name)),
                T("Write the whole address"),
                host=name,
            )
        if vip in files.owners:
            yield Failure(
                Phase.PRECHECK,
                T(
                    "kube_vip.address is the address of host {host}: kk's precheck stops",
                    host=node_names(files.owners[vip]),
                ),
                advice,
                path,
                host,
            )


def _other_precheck(files: Files, host: str, variables: Data) -> Iterator[Failure]:
    for key in ("native", "etcd", "cri", "cni"):
        if _get(variables, key) is None:
            yield _null(Phase.INSTALL if key == "etcd" else Phase.PRECHECK, key, host)
    choices = {
        ("etcd", "deployment_type"): ("internal", "external"),
        ("cri", "container_manager"): ("docker", "containerd"),
    }
    for path, known in choices.items():
        value = _get(variables, *path)
        if _get(variables, *path[:-1]) is not None and value not in known:
            yield Failure(
                Phase.PRECHECK,
                T("{key} is {value}: kk's precheck stops", key=".".join(path), value=rendered(value)),
                T("Write one of {types}", types=", ".join(known)),
                path,
                host,
            )


# --- tasks ---


def _tasks(files: Files, host: str, variables: Data) -> Iterator[Failure]:
    block = block_of(variables)
    kind = block.get("type")
    if kind == LOCAL and block.get("local") is None:
        yield _null(Phase.INSTALL, ".".join((*BLOCK_PATH, "local")), host)
    apiserver = _get(variables, "kubernetes", "apiserver")
    if apiserver is None:
        yield _null(Phase.INSTALL, "kubernetes.apiserver", host)
    sans = _get(apiserver, "certSANs")
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
    if _get(variables, "dns") is None:
        yield _null(Phase.INSTALL, "dns", host)


def _tasks_with_nodes(files: Files, inventory: Inventory) -> Iterator[Failure]:
    without = next((host for host in _haproxy_workers(files, inventory) if not _haproxy_block(files, host)), None)
    if without is not None:
        yield _null(Phase.INSTALL, ".".join((*BLOCK_PATH, "haproxy")), without)
    hosts = (host for host in _vip_hosts(files, inventory) if _VIP.fullmatch(_vip_of(files, host)))
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
    return (
        vip is not None
        and vip.version == 4
        and own is not None
        and _common_bits(int(vip), int(own)) >= _SHORTEST_PREFIX
    )


def _ipv4_of(files: Files, host: str) -> Any:
    """The IPv4 address whose network kk looks for the VIP in: the internal one, or where SSH goes if that is none."""
    connector = files.own_value(host, "connector")
    reached = connector.get("host") if isinstance(connector, dict) else None
    for value in (files.own_value(host, "internal_ipv4"), None if files.internal_addresses(host)[1:] else reached):
        address = ip_of(rendered(value).partition("/")[0])
        if address is not None:
            return address if address.version == 4 else None
    return None


def _common_bits(one: int, other: int) -> int:
    return 32 - (one ^ other).bit_length()


def _null(phase: Phase, key: str, host: str) -> Failure:
    return Failure(
        phase,
        T("{key} is null, which deletes kk's defaults for it: kk stops with an error", key=key),
        T("Delete the line, or write its keys below it"),
        tuple(key.split(".")),
        host,
    )


def _get(data: Any, *path: str) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data
