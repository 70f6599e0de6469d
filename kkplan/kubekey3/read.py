"""From a Cluster document to the neutral model, by KubeKey 3's rules."""

from __future__ import annotations

from kkplan.cluster.cluster import Cluster, Role
from kkplan.document.parse import Document
from kkplan.kubekey3.config import Config, locate
from kkplan.kubekey3.roles import CONTROL_PLANE_GROUPS
from kkplan.kubekey3.subject import Subject


def read(document: Document) -> Subject:
    """The Cluster in the file.

    Raises:
        KkplanError: no Cluster that kk would install, or more hosts, or names in role groups, than any cluster has.
    """
    config = locate(document)
    return Subject(_cluster(config), config.endpoint, config)


def _cluster(config: Config) -> Cluster:
    etcd_groups = () if config.etcd_type == "external" else _ETCD_GROUPS.get(config.etcd_type, ("etcd",))
    groups = {Role.CONTROL_PLANE: CONTROL_PLANE_GROUPS, Role.WORKER: ("worker",), Role.ETCD: etcd_groups}
    return Cluster(
        name=config.name,
        place=config.place,
        hosts=config.hosts,
        control_planes=config.hosts_in(*CONTROL_PLANE_GROUPS),
        workers=config.hosts_in("worker"),
        etcd_members=config.hosts_in(*etcd_groups),
        etcd_type=config.etcd_type,
        has_outside_etcd=config.etcd_type == "external",
        groups=config.role_groups.groups,
        wants_etcd_members=config.etcd_type == "kubekey",
        role_places={role: config.place_of_group(*names) for role, names in groups.items()},
        misread_roles=frozenset(role for role, names in groups.items() if _is_misread(config, names)),
        role_keys={role: f"spec.roleGroups.{names[-1]}" for role, names in groups.items() if names},
        address_key="internalAddress",
    )


def _is_misread(config: Config, groups: tuple[str, ...]) -> bool:
    """Without roleGroups, the key is most often misspelled: KK317 reports it. KK136 reports a misspelled group."""
    roles = config.role_groups
    return config.entry_at("roleGroups") is None or roles.stops_at(*groups) or roles.is_misspelled(*groups)


_ETCD_GROUPS = {"kubeadm": CONTROL_PLANE_GROUPS}
