"""A pair's whole network: LB servers, stand-ins for the API servers, and a client, on one switch."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_interface, ip_network
from itertools import islice

from kkplan.cluster.backend import Backend
from kkplan.lab.lb_server import LbServer
from kkplan.lab.machine import LabError, Machine, one_line
from kkplan.lab.pair import PairMember, PairNetwork
from kkplan.lab.program import command_of
from kkplan.lab.switch import Switch
from kkplan.locale import T

START_SECONDS = 10
CLIENT_NAME = "client"

# For a machine that needs an address of a family in which it has none: documentation ranges (RFC 5737, RFC 3849).
_SPARE_NETWORKS = {4: ip_network("198.51.100.0/24"), 6: ip_network("2001:db8::/112")}
_BACKEND_NIC = "eth0"
_CERTIFICATE = "/run/api-server.pem"


class ApiServer(Machine):
    """A control plane: a machine with a TLS server in place of kube-apiserver."""

    def __init__(self, backend: Backend, certificate: bytes) -> None:
        self.backend = backend
        self.name = backend.name
        self._certificate = certificate
        super().__init__()

    def _prepare(self) -> None:
        super()._prepare()
        self.write(_CERTIFICATE, self._certificate, 0o600)

    def start(self) -> None:
        """Start the API server; it is listening when this returns.

        Raises:
            LabError: it does not.
        """
        program = command_of("api_server", self.name, str(self.backend.port), _CERTIFICATE)
        self._program = self.launch(*program, log="api-server")
        if not wait_until(self._listens, START_SECONDS):
            raise LabError(T("the stand-in for the API server of {name} does not start", name=self.name))

    def _listens(self) -> bool:
        port = f"sport = :{self.backend.port}"
        return self.do("ss", "--no-header", "--listening", "--tcp", "--numeric", port) != ""

    def kill(self) -> None:
        """Kill the API server; nothing listens any more when this returns."""
        self.end(self._program)

    def be_unready(self) -> None:
        """Answer /readyz with 500, as an API server without etcd does."""
        self.write("/run/unready", b"")

    def freeze(self) -> None:
        """Freeze it (SIGSTOP): the kernel still accepts connections for it."""
        self.send_signal(self._program, signal.SIGSTOP)

    def wake(self) -> None:
        """Resume it."""
        self.send_signal(self._program, signal.SIGCONT)


class PairLab:
    """The machines of a pair's network.

    Attributes:
        lbs: by name, in the order of the files.
        api_servers: the control planes, in the order of haproxy.cfg.
        client: where requests come from.
    """

    def __init__(self, stack: ExitStack, network: PairNetwork, domains: Sequence[str] = ()) -> None:
        self.network = network
        self._stack = stack
        self._addresses = planned_addresses(network)
        self.switch = stack.enter_context(Switch())
        self.client = stack.enter_context(Machine())
        self._plug(self.client, CLIENT_NAME)
        backends = [backend.address for backend in network.backends]
        certificate = make_certificate([network.vip.address, *backends], domains)
        self.api_servers = [self._add_api_server(backend, certificate) for backend in network.backends]
        self.lbs = {member.name: self._add_lb(member) for member in network.members}

    def _add_api_server(self, backend: Backend, certificate: bytes) -> ApiServer:
        server = self._stack.enter_context(ApiServer(backend, certificate))
        self._plug(server, backend.address)
        server.start()
        return server

    def _add_lb(self, member: PairMember) -> LbServer:
        server = self._stack.enter_context(LbServer(member))
        self._plug(server, member.address, member.nic)
        return server

    def _plug(self, machine: Machine, key: str, nic: str = _BACKEND_NIC) -> None:
        """Plug the machine in; it reaches machines of other subnets on the same cable too."""
        self.switch.plug(machine, self._addresses[key], nic)
        self._add_routes(machine, key, nic)

    def _add_routes(self, machine: Machine, key: str, nic: str) -> None:
        networks = [ip_interface(address).network for address in self._addresses[key]]
        others = {address for other, addresses in self._addresses.items() if other != key for address in addresses}
        for target in sorted({str(ip_interface(address).network) for address in others}):
            if not any(_contains(network, target) for network in networks):
                machine.run("ip", "route", "add", target, "dev", nic)

    def switch_off(self, name: str) -> None:
        """Power off an LB server."""
        self.lbs[name].close()

    def switch_on(self, name: str, *, with_address: bool = True) -> LbServer:
        """Start an LB server that was switched off, with both services, as after a boot.

        Args:
            with_address: whether its NIC has its addresses already.
        """
        server = self.lbs[name] = self._add_lb(self._member(name))
        if not with_address:
            self.remove_address(name)
        server.start_haproxy()
        server.start_keepalived()
        return server

    def remove_address(self, name: str) -> None:
        """Remove an LB server's own addresses from its NIC, as a network restart does."""
        member = self._member(name)
        for address in self._addresses[member.address]:
            self.lbs[name].run("ip", "addr", "del", address, "dev", member.nic)

    def add_address(self, name: str) -> None:
        """Give an LB server its own addresses again, and its routes."""
        member, server = self._member(name), self.lbs[name]
        for address in self._addresses[member.address]:
            server.run("ip", "addr", "replace", address, "dev", member.nic, *(["nodad"] if ":" in address else []))
        self._add_routes(server, member.address, member.nic)

    def has_address(self, name: str) -> bool:
        """Whether an LB server has its own address."""
        return self.lbs[name].holds(self._member(name).address)

    def refuse_ended_machines(self) -> None:
        """Check that all machines run, except for those that were switched off.

        Raises:
            LabError: one has ended, with the reason.
        """
        for machine in (self.switch, self.client, *self.api_servers, *self.lbs.values()):
            machine.refuse_end()

    def _member(self, name: str) -> PairMember:
        return next(member for member in self.network.members if member.name == name)

    def holders(self) -> tuple[str, ...]:
        """The names of the LB servers that have the VIP now."""
        return tuple(name for name, server in self.lbs.items() if server.is_running and server.holds(self.vip))

    @property
    def vip(self) -> str:
        """The virtual IP address, without its prefix."""
        return self.network.vip.address


@contextmanager
def pair_lab(network: PairNetwork, domains: Sequence[str] = ()) -> Iterator[PairLab]:
    """A lab with the API servers running and the LB servers switched on, their services not yet started.

    It ends with the context.

    Args:
        domains: DNS names that the API servers' certificate holds besides the addresses.

    Raises:
        LabError: it cannot be built.
    """
    with ExitStack() as stack:
        yield PairLab(stack, network, domains)


def planned_addresses(network: PairNetwork) -> dict[str, tuple[str, ...]]:
    """Each machine's addresses with their prefixes; the key is its own address, or CLIENT_NAME.

    An LB server whose API servers are of the other family gets an address of that family besides.
    """
    subnet = ip_network(f"{network.vip.address}/{network.vip.prefix}", strict=False)
    spare = {version: islice(hosts.hosts(), 1, None) for version, hosts in _SPARE_NETWORKS.items()}
    families = {ip_address(backend.address).version for backend in network.backends}
    planned: dict[str, tuple[str, ...]] = {
        backend.address: (_with_prefix(backend.address, subnet),) for backend in network.backends
    }
    for member in network.members:
        missing = families - {ip_address(member.address).version}
        others = tuple(f"{next(spare[version])}/{_SPARE_NETWORKS[version].prefixlen}" for version in missing)
        planned[member.address] = (_with_prefix(member.address, subnet), *others)
    planned[CLIENT_NAME] = (_client_address(network, subnet, set(planned)),)
    return planned


def _client_address(network: PairNetwork, subnet: IPv4Network | IPv6Network, taken: set[str]) -> str:
    """The last free address of the VIP's subnet; of another one if it is full."""
    last = int(subnet.broadcast_address)
    for number in range(last - 1, max(int(subnet.network_address), last - 300), -1):
        address = str(type(subnet.network_address)(number))
        if address not in taken and address != network.vip.address:
            return f"{address}/{subnet.prefixlen}"
    spare = _SPARE_NETWORKS[subnet.version]
    return f"{spare.network_address + 1}/{spare.prefixlen}"


def _with_prefix(address: str, subnet: IPv4Network | IPv6Network) -> str:
    inside = ip_address(address) in subnet
    return f"{address}/{subnet.prefixlen if inside else ip_address(address).max_prefixlen}"


def _contains(network: IPv4Network | IPv6Network, target: str) -> bool:
    other = ip_network(target)
    return other.version == network.version and other.subnet_of(network)  # type: ignore[arg-type]


def make_certificate(addresses: Iterable[str], domains: Iterable[str] = ()) -> bytes:
    """A certificate and key in PEM for all API servers; not a secret: they exist only in the lab.

    Raises:
        LabError: openssl failed.
    """
    names = ",".join([*(f"DNS:{domain}" for domain in domains), *(f"IP:{address}" for address in addresses)])
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=kube-apiserver"
    extension = ["-addext", f"subjectAltName=DNS:kubernetes,{names}"]
    made = subprocess.run([*command.split(), *extension, "-keyout", "-", "-out", "-"], capture_output=True, check=False)
    if made.returncode:
        raise LabError(
            T("openssl cannot create a certificate: {said}", said=one_line(made.stderr.decode("utf-8", "replace")))
        )
    return made.stdout


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition becomes true within the seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.05)
    return happened()
