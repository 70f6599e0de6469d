"""The cluster that a config describes: hosts and the roles they have."""

from __future__ import annotations

from functools import cached_property, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from kkplan.cluster.backend import Backend
from kkplan.cluster.endpoint import Endpoint
from kkplan.cluster.roles import RoleProblem
from kkplan.document.node import Mapping
from kkplan.document.parse import Document
from kkplan.document.place import Place

# KubeKey reads both names and merges them, master's hosts first (cluster_types.go, GroupHosts).
CONTROL_PLANE_GROUPS = ("master", "control-plane")
# Those that kk takes by name (cluster_types.go: ETCD, Master, ControlPlane, Worker, Registry).
ROLE_GROUPS = ("etcd", *CONTROL_PLANE_GROUPS, "worker", "registry")

KUBERNETES, K3S, K8E = "kubernetes", "k3s", "k8e"


class Host(NamedTuple):
    """A machine of the cluster; its credentials are never read.

    Attributes:
        address: where KubeKey's SSH goes.
        internal_addresses: the IPv4 address and perhaps an IPv6 one behind it, as KubeKey splits `internalAddress`.
    """

    name: str
    address: str
    internal_addresses: tuple[str, ...]
    document: Document
    node: Mapping

    def __hash__(self) -> int:
        return hash(self.name)  # not of the whole document

    @property
    def place(self) -> Place:
        """The entry in the file."""
        return self.document.place_of(self.node)

    @property
    def line(self) -> int:
        """The line it starts on, from 1."""
        return self.place.line

    @property
    def internal_address(self) -> str:
        """The one that other hosts use: the first of `internalAddress` (KubeKey's GetInternalIPv4Address)."""
        return self.internal_addresses[0] if self.internal_addresses else ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """All of its addresses, each once."""
        return tuple(dict.fromkeys(address for address in (self.address, *self.internal_addresses) if address))


class _Read(NamedTuple):
    name: str
    hosts: tuple[Host, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    role_problems: tuple[RoleProblem, ...]
    endpoint: Endpoint
    etcd_type: str
    duplicate_keys: tuple[tuple[str, Place], ...]
    place: Place
    skips_hosts_file: bool = False
    distribution: str = KUBERNETES
    group_places: tuple[tuple[str, Place], ...] = ()


class Cluster(_Read):
    """What KubeKey reads from the config.

    Attributes:
        name: metadata.name, "" where it is missing or no text.
        groups: role group → the names of its hosts in KubeKey's order, ranges expanded.
        group_places: role group → its key in the file.
        etcd_type: `kubekey`, `kubeadm` or `external`.
        distribution: `kubernetes`, `k3s` or `k8e`; any other is Kubernetes to kk.
        skips_hosts_file: system.skipConfigureOS is true: kk leaves /etc/hosts alone.
        duplicate_keys: keys that stand twice in one mapping, each with the place of the second.
        place: where the Cluster document starts.
    """

    def group(self, *names: str) -> tuple[Host, ...]:
        """The hosts of the role groups of these names, in that order, each host once."""
        members = dict(self.groups)
        by_name = self._by_name
        wanted = dict.fromkeys(member for name in names for member in members.get(name, ()))
        return tuple(by_name[member] for member in wanted if member in by_name)

    @cached_property
    def _by_name(self) -> dict[str, Host]:
        return {host.name: host for host in self.hosts}

    def place_of_group(self, *names: str) -> Place:
        """The place of the first of these role groups that is in the file; that of the Cluster where none is."""
        places = dict(self.group_places)
        return next((places[name] for name in names if name in places), self.place)

    def stops_at(self, *names: str) -> bool:
        """Whether kk ends at an entry of the role groups of these names; their hosts are then not those meant."""
        return any(problem.group in names and problem.trap.stops_kk for problem in self.role_problems)

    @cached_property
    def control_planes(self) -> tuple[Host, ...]:
        """The hosts that run an API server; the first is the one that KubeKey initialises."""
        return self.group(*CONTROL_PLANE_GROUPS)

    @cached_property
    def workers(self) -> tuple[Host, ...]:
        """The hosts of the group `worker`."""
        return self.group("worker")

    @cached_property
    def workers_only(self) -> tuple[Host, ...]:
        """The workers that are no control planes: those that internal HAProxy goes to."""
        control_planes = {host.name for host in self.control_planes}
        return tuple(host for host in self.workers if host.name not in control_planes)

    @property
    def etcd_groups(self) -> tuple[str, ...]:
        """The role groups whose hosts run etcd; none where it is external."""
        if self.etcd_type == "external":
            return ()
        return CONTROL_PLANE_GROUPS if self.etcd_type == "kubeadm" else ("etcd",)

    @cached_property
    def etcd_members(self) -> tuple[Host, ...]:
        """The hosts that run etcd; none where it is external."""
        return self.group(*self.etcd_groups)

    @cached_property
    def backends(self) -> tuple[Backend, ...]:
        """The API servers that a load balancer outside the cluster forwards to."""
        return tuple(
            Backend(host.name, host.internal_address) for host in self.control_planes if is_ip(host.internal_address)
        )

    def host_at(self, address: str) -> Host | None:
        """The host that has the address, however an IPv6 one is spelled."""
        return next((host for host in self.hosts if any(same_address(address, own) for own in host.addresses)), None)


@lru_cache(maxsize=65_536)  # every rule asks again
def ip_of(address: str) -> IPv4Address | IPv6Address | None:
    """The one IPv4 or IPv6 address that the text is; None for anything else, and for one with a zone (`fe80::1%eth0`).

    Go's net.ParseIP, which KubeKey uses, takes no zone either.
    """
    try:
        return None if "%" in address else ip_address(address)
    except ValueError:
        return None


def is_ip(address: str) -> bool:
    """Whether it is one IPv4 or IPv6 address."""
    return ip_of(address) is not None


def same_address(one: str, other: str) -> bool:
    """Whether both are the same IP address. An IPv4 address has one spelling only."""
    if one == other or ":" not in one or ":" not in other:
        return one == other
    parsed = ip_of(one)
    return parsed is not None and parsed == ip_of(other)
