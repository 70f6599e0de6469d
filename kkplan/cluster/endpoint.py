"""The control plane endpoint: as a config describes it, as an HA mode wants it, and as kk would set it up."""

from __future__ import annotations

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
    KUBE_VIP = "kube-vip"


class WantedEndpoint(NamedTuple):
    """The endpoint that an HA mode asks for.

    Attributes:
        domain: the name that nodes use; with `EndpointKind.DNS_NAME` one that the site's DNS resolves.
        address: the load balancer's IP address, or kube-vip's VIP; "" for the other kinds.
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
        address: the IP that the domain is written to in /etc/hosts; "" where kk writes none.
        survives: the endpoint outlives the loss of any one control plane, as far as the config tells.
        summary: one sentence for a person.
        load_balancer: the address or name of what balances the load, as other machines reach it; "" where none does.
        is_served: whether anybody listens at the port.
        resolved_by_site: the site's own DNS or /etc/hosts resolves the domain, not what kk writes.
        served_by: the API servers that a request can come to, at the addresses that are used.
        cert_sans: the names and addresses in the API servers' certificates; empty where kk installs nothing.
        haproxy_hosts: the names of the hosts that kk puts an HAProxy of its own on.
        haproxy_bind: the address and port that it listens at, as its config has them; "" where nobody has to know.
        haproxy_servers: the API servers that it forwards to.
        kube_vip_hosts: the names of the hosts that kk puts kube-vip on.
        kube_vip_address: the VIP that it holds; "" without it. It serves API_SERVER_PORT, whatever the endpoint's port.
        leads_to: where the domain leads on each node; empty where kk leads it to one address on all, or is not known to.
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
    cert_sans: tuple[str, ...] = ()
    haproxy_hosts: tuple[str, ...] = ()
    haproxy_bind: str = ""
    haproxy_servers: tuple[Backend, ...] = ()
    kube_vip_hosts: tuple[str, ...] = ()
    kube_vip_address: str = ""
    leads_to: tuple[LeadsTo, ...] = ()
    first_control_planes: tuple[str, ...] = ()
    weak_points: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
