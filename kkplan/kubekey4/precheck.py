"""Where kk's role defaults or its precheck end `kk create cluster`, before it changes a machine.

Source: KubeKey v4.0.6 (run, tests/kubekey4), builtin/core/roles: defaults, precheck.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

from kkplan.kubekey4.defaults import DEFAULTS, KUBE_VIP, KUBERNETES_VERSIONS, TYPES
from kkplan.kubekey4.files import Files, block_of
from kkplan.kubekey4.go_data import Data, rendered, value_at
from kkplan.kubekey4.inventory import CLUSTER, CONTROL_PLANES, ETCD, LOCALHOST, Inventory
from kkplan.kubekey4.loading import BLOCK_PATH
from kkplan.locale import T, Text, node_names

_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\Z")
# roles/precheck/kubernetes: an IPv4 address, or some spellings of an IPv6 one.
IP_ADDRESS = re.compile(
    r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|"
    r"(?:[0-9a-fA-F]{1,4}:){7}(?:[0-9a-fA-F]{1,4}|:)|"
    r"(?:(?:[0-9a-fA-F]{1,4}:){1,6}|:):(?:[0-9a-fA-F]{1,4}|:){1,6}(?:[0-9a-fA-F]{1,4}|:)"
)


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


def precheck_failures(files: Files) -> Iterator[Failure]:
    """What ends kk before its first change, in its own order. Without an inventory, only what the config alone tells."""
    yield from _defaults(files)
    inventory = files.inventory
    if inventory is not None:
        yield from _groups(inventory)
        yield from _hosts(files, inventory)
    for host, variables in files.variables_in_cluster():
        yield from _endpoint(files, host, variables)
    for host, variables in files.variables_in_cluster():
        yield from _other_roles(host, variables)


def null_failure(phase: Phase, key: str, host: str) -> Failure:
    return Failure(
        phase,
        T("{key} is null, which deletes kk's defaults for it: kk stops with an error", key=key),
        T("Delete the line, or write its keys below it"),
        tuple(key.split(".")),
        host,
    )


def _defaults(files: Files) -> Iterator[Failure]:
    yield from _wrong_types(dict(DEFAULTS), files.common_given, (), "")
    for host in files.differing_hosts():
        yield from _wrong_types(dict(DEFAULTS), files.given(host), (), host)
    version = rendered(value_at(files.spec, "kubernetes", "kube_version"))
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
        sets_name = value_at(files.variables(host), "native", "set_hostname")
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


def _endpoint(files: Files, host: str, variables: Data) -> Iterator[Failure]:
    kubernetes = variables.get(BLOCK_PATH[0])
    if kubernetes is None or (isinstance(kubernetes, dict) and kubernetes.get(BLOCK_PATH[1]) is None):
        yield null_failure(Phase.PRECHECK, ".".join(BLOCK_PATH[: 1 if kubernetes is None else 2]), host)
    kind = block_of(variables).get("type")
    if isinstance(kind, (bool, int, float, list, dict)):
        yield Failure(
            Phase.PRECHECK,
            T("type is not text: kk's precheck stops with an error"),
            T("Write one of {types}", types=", ".join(TYPES)),
            (*BLOCK_PATH, "type"),
            host,
        )
    if kind == KUBE_VIP:
        yield from _vip(files, host, variables)


def _vip(files: Files, host: str, variables: Data) -> Iterator[Failure]:
    path = (*BLOCK_PATH, "kube_vip", "address")
    kube_vip = block_of(variables).get("kube_vip")
    if kube_vip is None:
        yield null_failure(Phase.PRECHECK, ".".join(path[:-1]), host)
    if not isinstance(kube_vip, dict):
        return  # of a wrong type: see above
    vip = kube_vip.get("address")
    advice = T("Write a free IPv4 address of the control planes' network")
    if not vip:
        yield Failure(Phase.PRECHECK, T("kube-vip without kube_vip.address: kk's precheck stops"), advice, path, host)
    elif not isinstance(vip, str) or not IP_ADDRESS.fullmatch(vip):
        yield Failure(
            Phase.PRECHECK, T("kube_vip.address is not an IP address: kk's precheck stops"), advice, path, host
        )
    else:
        name = files.host_without_text
        if name:
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


def _other_roles(host: str, variables: Data) -> Iterator[Failure]:
    for key in ("native", "etcd", "cri", "cni"):
        if value_at(variables, key) is None:
            yield null_failure(Phase.INSTALL if key == "etcd" else Phase.PRECHECK, key, host)
    choices = {
        ("etcd", "deployment_type"): ("internal", "external"),
        ("cri", "container_manager"): ("docker", "containerd"),
    }
    for path, known in choices.items():
        value = value_at(variables, *path)
        if value_at(variables, *path[:-1]) is not None and value not in known:
            yield Failure(
                Phase.PRECHECK,
                T("{key} is {value}: kk's precheck stops", key=".".join(path), value=rendered(value)),
                T("Write one of {types}", types=", ".join(known)),
                path,
                host,
            )
