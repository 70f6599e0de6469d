"""The control plane endpoint: as a config describes it, as an HA mode wants it, and as kk would set it up."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple, Protocol

from kkplan.cluster.backend import API_SERVER_PORT, Backend
from kkplan.document.place import Place
from kkplan.locale import Text


class Endpoint(Protocol):
    """What a config says about the endpoint, with the defaults of its KubeKey.

    Attributes:
        domain: the name that nodes use.
        address: the address of what balances the load, "" where none is given.
        place: where the endpoint is described.
    """

    @property
    def domain(self) -> str: ...

    @property
    def address(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def place(self) -> Place: ...

    def place_of(self, part: str) -> Place:
        """The place of `domain`, `address` or `port`; that of the endpoint where it is not given."""
        ...


class EndpointKind(str, Enum):
    """What balances the load."""

    INTERNAL_HAPROXY = "internal-haproxy"
    ADDRESS = "address"
    DNS_NAME = "dns-name"


class WantedEndpoint(NamedTuple):
    """The endpoint that an HA mode asks for.

    Attributes:
        domain: the name that nodes use; with `EndpointKind.DNS_NAME` one that the site's DNS resolves.
        address: the load balancer's IP address; "" for the other kinds.
    """

    kind: EndpointKind
    domain: str
    address: str = ""
    port: int = API_SERVER_PORT


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
    """The endpoint that kk would set up.

    Attributes:
        address: the IP that the domain is written to in /etc/hosts; "" where kk writes none.
        survives: the endpoint outlives the loss of any one control plane, as far as the config tells.
        summary: one sentence for a person.
        load_balancer: the address or name of what balances the load, as other machines reach it; "" where none does.
        is_served: whether anybody listens at the port.
        resolved_by_site: the site's own DNS or /etc/hosts resolves the domain, not what kk writes.
        served_by: the API servers that a request can come to, at the addresses that are used.
        list_cert_sans: lists the names and addresses in the API servers' certificates, of all hosts; only when asked.
        haproxy_hosts: the names of the hosts that kk puts an HAProxy of its own on.
        haproxy_servers: the API servers that it forwards to.
        first_control_planes: the control planes of which one, not known before, initialises the cluster.
        weak_points: what of the cluster hangs on one machine beside the endpoint itself.
        notes: what the config does not tell, and may take the endpoint away.
    """

    route: Route
    domain: str
    address: str
    port: int
    survives: bool
    summary: Text
    load_balancer: str = ""
    is_served: bool = True
    resolved_by_site: bool = False
    served_by: tuple[Backend, ...] = ()
    list_cert_sans: Callable[[], tuple[str, ...]] = tuple
    haproxy_hosts: tuple[str, ...] = ()
    haproxy_servers: tuple[Backend, ...] = ()
    first_control_planes: tuple[str, ...] = ()
    weak_points: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def cert_sans(self) -> tuple[str, ...]:
        """The names and addresses in the API servers' certificates; empty where kk installs nothing."""
        return self.list_cert_sans()
