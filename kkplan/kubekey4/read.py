"""What a config and an inventory describe, by KubeKey 4's rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from kkplan.cluster.backend import API_SERVER_PORT
from kkplan.cluster.cluster import ROOT, Cluster, Host, Role
from kkplan.document.parse import Document
from kkplan.kubekey4.endpoint import read_endpoint
from kkplan.kubekey4.files import Files
from kkplan.kubekey4.go_data import rendered, value_at
from kkplan.kubekey4.inventory import CONTROL_PLANES, ETCD, LOCALHOST, WORKERS, Inventory
from kkplan.kubekey4.loading import INVENTORY, Part, is_inventory, part_at, parts_of
from kkplan.kubekey4.subject import Subject
from kkplan.plan.dialect import CONFIG

_GROUPS = {Role.CONTROL_PLANE: CONTROL_PLANES, Role.WORKER: WORKERS, Role.ETCD: ETCD}


def read(documents: Mapping[str, Document]) -> Subject:
    """What the files describe.

    Raises:
        DocumentError: an alias leads back to itself, or the groups hold more than any cluster has.
    """
    files = _located(documents)
    endpoint = read_endpoint(files)
    return Subject(_cluster(files, endpoint.api_server_port or API_SERVER_PORT), endpoint, files)


def _located(documents: Mapping[str, Document]) -> Files:
    """The documents that kk reads: the first of each file; of one file with both, each by its kind."""
    document = documents.get(CONFIG)
    if INVENTORY in documents:
        config = part_at(document, 0) if document is not None else None
        return Files(config, part_at(documents[INVENTORY], 0), False, None)
    assert document is not None  # noqa: S101 - one file there is always
    parts = parts_of(document)
    inventory = next(filter(is_inventory, parts), None)
    config = _config_of(document, parts)
    return Files(config, inventory, config is not None and inventory is not None, None)


def _config_of(document: Document, parts: list[Part]) -> Part | None:
    """The first document where it is no inventory, which is what kk reads; else the first one after the inventory."""
    if not parts:
        return part_at(document, 0)
    return next((part for part in parts if not is_inventory(part)), None)


def _cluster(files: Files, api_server_port: int) -> Cluster:
    inventory = files.inventory
    if inventory is None or files.has_other_inventory:
        return Cluster("", files.part.place, (), misread_roles=frozenset(Role))
    hosts = {host.name: host for host in _hosts(files, inventory)}
    roles = {role: _of_group(hosts, inventory.members_of(group)) for role, group in _GROUPS.items()}
    etcd_type = rendered(value_at(files.variables(""), "etcd", "deployment_type"))
    in_pods = etcd_type == "internal"  # kubeadm runs it then, on each control plane
    return Cluster(
        name=_name(files),
        place=files.part.place,
        hosts=tuple(hosts.values()),
        control_planes=roles[Role.CONTROL_PLANE],
        workers=roles[Role.WORKER],
        etcd_members=roles[Role.CONTROL_PLANE if in_pods else Role.ETCD],
        etcd_type=etcd_type,
        groups=tuple(inventory.members.items()),
        wants_etcd_members=not in_pods,
        api_server_port=api_server_port,
        role_places={role: inventory.place_of_group(group) for role, group in _GROUPS.items()},
        misread_roles=frozenset(
            role for role, group in _GROUPS.items() if any(name not in hosts for name in inventory.members_of(group))
        ),
    )


def _hosts(files: Files, inventory: Inventory) -> Iterator[Host]:
    in_roles = {name for group in _GROUPS.values() for name in inventory.members_of(group)}
    for name, data in inventory.hosts.items():
        address, user = (value_at(data, "connector", key) for key in ("host", "user"))
        internal = files.internal_addresses(name)
        if name == LOCALHOST and not internal and name not in in_roles:
            continue  # the machine that kk runs on, and no host of the cluster
        written = rendered(address) if address else LOCALHOST if name == LOCALHOST else ""
        locate, login = partial(inventory.place_of, name), rendered(user) if user else ROOT
        yield Host(name, written or next(iter(internal), ""), internal, locate, user=login)


def _of_group(hosts: Mapping[str, Host], names: tuple[str, ...]) -> tuple[Host, ...]:
    return tuple(hosts[name] for name in names if name in hosts)


def _name(files: Files) -> str:
    name = value_at(files.variables(""), "kubernetes", "cluster_name")
    return rendered(name) if name else ""
