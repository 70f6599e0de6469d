"""The control plane endpoint: as a config has it, as an HA mode wants it, and as kk would set it up."""

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
        address: the load balancer's address; "" if it is not set.
        place: where the config describes the endpoint.
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
        """The place of `domain`, `address` or `port`; if it is not set, that of the endpoint."""
        ...


class EndpointKind(str, Enum):
    """Kind of load balancing."""

    INTERNAL_HAPROXY = "internal-haproxy"
    ADDRESS = "address"
    DNS_NAME = "dns-name"
    KUBE_VIP = "kube-vip"


class WantedEndpoint(NamedTuple):
    """The endpoint that an HA mode wants.

    Attributes:
        domain: the name that nodes use; with `EndpointKind.DNS_NAME` one that the site's DNS resolves.
        address: the load balancer's IP address, or kube-vip's VIP; "" for the other kinds.
    """

    kind: EndpointKind
    domain: str
    address: str = ""
    port: int = API_SERVER_PORT


class Route(str, Enum):
    """Request path to an API server."""

    REFUSED = "refused"
    NOTHING_INSTALLED = "nothing-installed"
    UNREACHABLE = "unreachable"
    LOCAL_HAPROXY = "local-haproxy"
    KUBE_VIP = "kube-vip"
    ADDRESS = "address"
    SHADOWED_DNS = "shadowed-dns"
    FIRST_CONTROL_PLANE = "first-control-plane"
    SINGLE = "single"

    @property
    def installs(self) -> bool:
        """Whether kk installs a cluster."""
        return self not in (Route.REFUSED, Route.NOTHING_INSTALLED)

    @property
    def is_balanced(self) -> bool:
        """Whether it leads to every API server."""
        return self in (Route.LOCAL_HAPROXY, Route.KUBE_VIP, Route.ADDRESS)


# In place of an address: that of the node that initialises the cluster, where chance decides which one it is.
INIT_NODE = "init-node"


class LeadsTo(NamedTuple):
    """Where the domain leads on a node: the addresses in its /etc/hosts, the first of which counts, or INIT_NODE.

    Attributes:
        after_install: once the cluster is installed.
        after_add_nodes: once nodes were added to it.
    """

    node: str
    after_install: tuple[str, ...]
    after_add_nodes: tuple[str, ...]


class EffectiveEndpoint(NamedTuple):
    """The endpoint that kk would set up.

    Attributes:
        address: the domain's IP in /etc/hosts; "" if kk does not write it.
        survives: the endpoint survives the loss of any one control plane, as far as the config shows.
        summary: one sentence for a person.
        load_balancer: address or name of the load balancer, as other machines reach it; "" if there is none.
        is_served: whether anything listens on the port.
        resolved_by_site: the site's own DNS or /etc/hosts resolves the domain, not what kk writes.
        served_by: the API servers that a request can reach, with the addresses in use.
        list_cert_sans: lists `cert_sans`, only on demand: there are three for each host.
        haproxy_hosts: names of the hosts where kk installs its own HAProxy.
        haproxy_bind: the address and port that this HAProxy listens on, as in its config; "" if nobody has to know.
        haproxy_servers: the API servers that this HAProxy forwards to.
        kube_vip_hosts: names of the hosts where kk installs kube-vip.
        kube_vip_address: the VIP that kube-vip holds; "" without it. Its port is API_SERVER_PORT, regardless of the endpoint's.
        leads_to: where the domain leads on each node; empty if it leads to one address on all of them, or if this is unknown.
        first_control_planes: the control planes that may initialise the cluster; kk picks one of them at random.
        weak_points: other parts of the cluster that depend on one machine.
        notes: risks for the endpoint that the config does not show.
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
    haproxy_bind: str = ""
    haproxy_servers: tuple[Backend, ...] = ()
    kube_vip_hosts: tuple[str, ...] = ()
    kube_vip_address: str = ""
    leads_to: tuple[LeadsTo, ...] = ()
    first_control_planes: tuple[str, ...] = ()
    weak_points: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def cert_sans(self) -> tuple[str, ...]:
        """The names and addresses in the API servers' certificates; empty where kk installs nothing."""
        return self.list_cert_sans()
