"""The cluster that a config describes: hosts and their roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from functools import cached_property, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, NamedTuple

from kkplan.cluster.backend import API_SERVER_PORT, Backend
from kkplan.document.place import Place
from kkplan.locale import T, Text

ROOT = "root"


class Role(Enum):
    """Role of a host."""

    CONTROL_PLANE = "control-plane"
    WORKER = "worker"
    ETCD = "etcd"


class Host(NamedTuple):
    """A machine of the cluster. Its passwords and keys are never read.

    Attributes:
        address: the address that KubeKey connects to over SSH.
        internal_addresses: the IPv4 address, optionally followed by an IPv6 address.
        locate: finds its entry in the file.
        source: what the dialect read it from.
        user: the user that KubeKey logs in as over SSH.
    """

    name: str
    address: str
    internal_addresses: tuple[str, ...]
    locate: Callable[[], Place]
    source: Any = None
    user: str = ROOT

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def place(self) -> Place:
        """Its entry in the file."""
        return self.locate()

    @property
    def line(self) -> int:
        """The line it starts on, from 1."""
        return self.place.line

    @property
    def internal_address(self) -> str:
        """The address that other hosts use: the first."""
        return self.internal_addresses[0] if self.internal_addresses else ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """All of its addresses, each once."""
        return tuple(dict.fromkeys(address for address in (self.address, *self.internal_addresses) if address))


class _Read(NamedTuple):
    name: str
    place: Place
    hosts: tuple[Host, ...]
    control_planes: tuple[Host, ...] = ()
    workers: tuple[Host, ...] = ()
    etcd_members: tuple[Host, ...] = ()
    etcd_type: str = ""
    has_outside_etcd: bool = False
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    wants_etcd_members: bool = True
    role_places: Mapping[Role, Place] = {}
    misread_roles: frozenset[Role] = frozenset()
    api_server_port: int = API_SERVER_PORT
    role_keys: Mapping[Role, str] = {}
    address_key: str = "address"


class Cluster(_Read):
    """The machines of a cluster, independent of the KubeKey version.

    Attributes:
        name: the cluster's name; "" if it has none.
        place: where the file describes it.
        control_planes: the hosts that run an API server.
        workers: all workers, including those that are also control planes.
        etcd_members: the hosts that run etcd; empty if it is external.
        etcd_type: how etcd is run, in KubeKey's terms.
        has_outside_etcd: whether etcd is external.
        groups: role group → names of its hosts, in the order of the file.
        wants_etcd_members: whether etcd runs on the hosts of its own role, neither on the control planes nor externally.
        role_places: role → where its hosts are listed.
        misread_roles: roles where kk stops at an entry or their key is misspelled, so that the intended hosts are unknown.
        role_keys: role → the key under which its hosts are listed, as its KubeKey spells it.
        address_key: the key of a host's address in the cluster network.
    """

    def key_of(self, role: Role) -> str:
        """The key that the hosts of the role are named under."""
        return self.role_keys.get(role, role.value)

    def place_of(self, role: Role) -> Place:
        """Where the hosts of the role are listed; if they are not, the place of the cluster."""
        return self.role_places.get(role, self.place)

    @cached_property
    def workers_only(self) -> tuple[Host, ...]:
        """Workers that are not control planes: the hosts where internal HAProxy is installed."""
        control_planes = {host.name for host in self.control_planes}
        return tuple(host for host in self.workers if host.name not in control_planes)

    @cached_property
    def backends(self) -> tuple[Backend, ...]:
        """The API servers that a load balancer outside the cluster forwards to."""
        return tuple(
            Backend(host.name, host.internal_address, self.api_server_port)
            for host in self.control_planes
            if is_ip(host.internal_address)
        )

    def host_at(self, address: str) -> Host | None:
        """The host with this address, in any IPv6 spelling.

        An address where SSH reaches several hosts belongs to a NAT gateway and to no host.
        """
        if not address:
            return None
        for host in self.hosts:
            if any(same_address(address, own) for own in host.internal_addresses):
                return host
        reached = self.hosts_reached_at(address)
        return reached[0] if len(reached) == 1 else None

    def hosts_with(self, address: str) -> tuple[Host, ...]:
        """The hosts that have the address, or that SSH reaches there."""
        return tuple(host for host in self.hosts if any(same_address(address, own) for own in host.addresses))

    def hosts_reached_at(self, address: str) -> tuple[Host, ...]:
        """The hosts that SSH reaches at the address: more than one if it is a NAT gateway."""
        return tuple(host for host in self.hosts if address and same_address(address, host.address))


def bracketed(address: str) -> str:
    """The address as it comes before a port: IPv6 in brackets."""
    return f"[{address}]" if ":" in address and is_ip(address) else address


def workers_in_words(count: int) -> Text:
    """The number of workers, within a clause."""
    return T("one worker") if count == 1 else T("{count} workers", count=count)


def control_planes_in_words(count: int) -> Text:
    """The number of control planes, as the start of a clause."""
    return T("one control plane") if count == 1 else T("{count} control planes", count=count)


@lru_cache(maxsize=65_536)  # every rule needs it
def ip_of(address: str) -> IPv4Address | IPv6Address | None:
    """The text as a single IPv4 or IPv6 address; None for anything else, including a zone (`fe80::1%eth0`).

    Go's net.ParseIP, which KubeKey uses, rejects zones too.
    """
    try:
        return None if "%" in address else ip_address(address)
    except ValueError:
        return None


def is_ip(address: str) -> bool:
    """Whether the text is a single IPv4 or IPv6 address."""
    return ip_of(address) is not None


def is_ipv6(host: str) -> bool:
    """Whether the host is an IPv6 address."""
    address = ip_of(host)
    return address is not None and address.version == 6


def url_host(host: str) -> str:
    """The host before a colon, as a URL has it: an IPv6 address in brackets (RFC 3986, 3.2.2)."""
    return f"[{host}]" if is_ipv6(host) else host


def same_address(one: str, other: str) -> bool:
    """Whether both are the same IP address. An IPv4 address has only one spelling."""
    if one == other or ":" not in one or ":" not in other:
        return one == other
    parsed = ip_of(one)
    return parsed is not None and parsed == ip_of(other)
