"""The network that a pair's files describe, read from the haproxy.cfg and keepalived.conf to be rehearsed.

So the files of a saved plan, of an output folder, and of another pair can all be rehearsed. Only the words for
names and addresses are read (keepalived.conf(5); HAProxy's configuration manual, 4.2 and 5.2); the programs read the rest.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_interface
from pathlib import PurePosixPath
from typing import NamedTuple

from kkplan.cluster.backend import Backend
from kkplan.cluster.cluster import is_ip
from kkplan.cluster.load_balancer import Vip
from kkplan.errors import KkplanError
from kkplan.locale import T, named, node_names
from kkplan.modes.question import special_address_problem
from kkplan.plan.artifact import Artifact
from kkplan.shown import shown

HAPROXY_CFG = "haproxy.cfg"
KEEPALIVED_CONF = "keepalived.conf"

# HAProxy's configuration manual, 4: what begins a section.
_HAPROXY_SECTIONS = ("global", "defaults", "frontend", "backend", "listen", "resolvers", "peers", "program", "userlist")
# Linux, dev_valid_name: what fits into IFNAMSIZ. A percent sign is a template for it, and "-" an option for ip(8).
_NIC = re.compile(r"(?!-|\.\.?\Z)[^\s/:%\x00-\x20\x7f]{1,15}\Z")
_PORT = re.compile(r"[0-9]{1,5}\Z")
# C0 but for tabs and line ends, DEL, C1: no program accepts one in a word.
_CONTROL_CHARACTER = re.compile("\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_TEXT_SUFFIXES = (".cfg", ".conf")
_WORD = re.compile(r"[^ \t\r]+")
_PORTS = range(1, 65536)
_MOST_MEMBERS = 16
_MOST_BACKENDS = 32
_LONGEST_NIC = 15  # bytes
_LONGEST_NAME = 253  # characters: of a host (RFC 1123, 2.1)
_SUBNET_PREFIX = {4: 24, 6: 64}  # for a VIP that is written as a single address: 172.16.0.10, or 172.16.0.10/32


class PairError(KkplanError):
    """The files do not describe a pair."""


@dataclass(frozen=True)
class PairMember:
    """An LB server and its files.

    Attributes:
        name: its folder's name.
        address: its own; the one that `own_addresses` found, if its keepalived.conf names none.
        has_made_up_address: no file names its address.
        files: the files of /etc/haproxy and /etc/keepalived, by file name.
    """

    name: str
    address: str
    nic: str
    files: tuple[Artifact, ...]
    has_made_up_address: bool = False


class _Instance(NamedTuple):
    """What a keepalived.conf says of its server.

    Attributes:
        address: the server's own; "" if the file does not name it.
        peers: the other servers' addresses; none with multicast.
    """

    vip: Vip
    address: str
    peers: tuple[str, ...]
    nic: str


@dataclass(frozen=True)
class PairNetwork:
    """The VIP, the LB servers and the API servers.

    Attributes:
        port: what HAProxy listens on at the VIP.
        members: the LB servers, two or more, in the order of their folders.
        backends: the control planes' API servers.
    """

    vip: Vip
    port: int
    members: tuple[PairMember, ...]
    backends: tuple[Backend, ...]


def read_pair(artifacts: Sequence[Artifact], source: str) -> PairNetwork:
    """The pair that these files describe: a folder for each LB server, with haproxy.cfg and keepalived.conf.

    Args:
        source: where they come from, for a message.

    Raises:
        PairError: they do not describe a pair, or contradict each other.
    """
    folders: dict[str, list[Artifact]] = {}
    for artifact in artifacts:
        path = PurePosixPath(artifact.path)
        if len(path.parts) == 2:
            folders.setdefault(path.parts[0], []).append(artifact)
    members = _members(folders, source)
    vips, ports, backends = set(), set(), set()
    instances: dict[str, _Instance] = {}
    for name, files in members.items():
        _refuse_control_characters(files)
        instances[name] = _read_keepalived(_file(files, KEEPALIVED_CONF))
        port, servers = _read_haproxy(_file(files, HAPROXY_CFG))
        vips.add(instances[name].vip)
        ports.add(port)
        backends.add(frozenset((server.address, server.port) for server in servers))
    if len(vips) > 1 or len(ports) > 1:
        raise PairError(T("the LB servers' files have different VIPs or ports"), file=source)
    if len(backends) > 1:
        raise PairError(
            T("the LB servers' haproxy.cfg list different API servers, so the answer would depend on the VIP holder"),
            file=source,
        )
    if len(servers) > _MOST_BACKENDS:
        raise PairError(
            T("too many API servers: {count}, at most {most}", count=len(servers), most=_MOST_BACKENDS), file=source
        )
    vip = vips.pop()
    addresses = own_addresses(instances, vip, {server.address for server in servers}, source)
    pair = tuple(
        PairMember(name, addresses[name][0], instances[name].nic, tuple(files), addresses[name][1])
        for name, files in members.items()
    )
    network = PairNetwork(vip, ports.pop(), pair, tuple(servers))
    _refuse_addresses_of_no_machine(network)
    _refuse_shared_addresses(network)
    return network


def own_addresses(
    instances: Mapping[str, _Instance], vip: Vip, used: Container[str], source: str
) -> dict[str, tuple[str, bool]]:
    """Each server's own address, and whether it is made up.

    Keepalived takes the NIC's address where its file names none (keepalived.conf(5)). With unicast, the others' peers
    have it. With multicast any free address of the VIP's subnet does.

    Args:
        used: the addresses of the API servers.

    Raises:
        PairError: the subnet has no free address.
    """
    named_ones = {name: one.address or _address_among_peers(name, instances) for name, one in instances.items()}
    taken = {vip.address, *named_ones.values(), *(peer for one in instances.values() for peer in one.peers)}
    free = (
        str(address)
        for address in ip_interface(f"{vip.address}/{vip.prefix}").network.hosts()
        if str(address) not in taken and str(address) not in used
    )
    found: dict[str, tuple[str, bool]] = {}
    for name, address in named_ones.items():
        chosen = address or next(free, "")
        if not chosen:
            raise PairError(T("the VIP's subnet has no address for {name}", name=named(name)), file=source)
        found[name] = (chosen, not address)
    return found


def _address_among_peers(name: str, instances: Mapping[str, _Instance]) -> str:
    """The one address that all others have as a peer and this server has not; "" if that is none or several."""
    others = [set(one.peers) for other, one in instances.items() if other != name]
    candidates = set.intersection(*others) - set(instances[name].peers)
    return candidates.pop() if len(candidates) == 1 else ""


def _refuse_control_characters(files: Iterable[Artifact]) -> None:
    """Check that the programs' configs are text; a check script may be anything.

    Raises:
        PairError: one has a control character.
    """
    for file in files:
        found = _CONTROL_CHARACTER.search(file.content) if file.path.endswith(_TEXT_SUFFIXES) else None
        if found is not None:
            line = file.content.count("\n", 0, found.start()) + 1
            problem = T("control character {character}. Remove it from this line", character=named(found.group()))
            raise PairError(problem, file=file.path, line=line)


def _refuse_addresses_of_no_machine(network: PairNetwork) -> None:
    """Check that other machines can reach each address.

    Raises:
        PairError: it is a loopback, link-local, multicast or unspecified one.
    """
    first = network.members[0]
    places = [(network.vip.address, _path(first, KEEPALIVED_CONF))]
    places += [(member.address, _path(member, KEEPALIVED_CONF)) for member in network.members]
    places += [(backend.address, _path(first, HAPROXY_CFG)) for backend in network.backends]
    for address, path in places:
        problem = special_address_problem(address)
        if problem is not None:
            raise PairError(T("{problem}. Use an address that other machines can reach", problem=problem), file=path)


def _refuse_shared_addresses(network: PairNetwork) -> None:
    """Check that the VIP and all machines have different addresses.

    Raises:
        PairError: two share one.
    """
    vip = network.vip.address
    lbs: dict[str, str] = {}
    for member in network.members:
        path = _path(member, KEEPALIVED_CONF)
        if member.address == vip:
            problem = T("{address} is the VIP. Write the server's own address after unicast_src_ip", address=vip)
            raise PairError(problem, file=path)
        if member.address in lbs:
            problem = T(
                "{address} is also the address of LB server {lb}. Write the server's own address after unicast_src_ip",
                address=member.address,
                lb=named(lbs[member.address]),
            )
            raise PairError(problem, file=path)
        lbs[member.address] = member.name
    servers: dict[str, str] = {}
    for name, address, _ in network.backends:
        path = _path(network.members[0], HAPROXY_CFG)
        if address == vip:
            problem = T(
                "server {name}: {address} is the VIP. Use the API server's own address",
                name=node_names(name),
                address=address,
            )
            raise PairError(problem, file=path)
        if address in lbs:
            problem = T(
                "server {name}: {address} belongs to LB server {lb}. Use the address of an API server on another machine",
                name=node_names(name),
                address=address,
                lb=named(lbs[address]),
            )
            raise PairError(problem, file=path)
        if address in servers:
            problem = T(
                "servers {names} have the same address, {address}. Use each API server's own address, or remove one",
                names=node_names(servers[address], name),
                address=address,
            )
            raise PairError(problem, file=path)
        servers[address] = name


def _path(member: PairMember, name: str) -> str:
    return _file(member.files, name).path


def _members(folders: Mapping[str, list[Artifact]], source: str) -> dict[str, list[Artifact]]:
    """The folders of LB servers.

    Raises:
        PairError: there are too few or too many, or one lacks a file.
    """
    for name, files in folders.items():
        found = {PurePosixPath(file.path).name for file in files} & {HAPROXY_CFG, KEEPALIVED_CONF}
        if len(found) == 1:
            raise PairError(
                T(
                    "{name} has only {found}: an LB server needs both haproxy.cfg and keepalived.conf",
                    name=named(name),
                    found=found.pop(),
                ),
                file=source,
            )
    members = {name: files for name, files in folders.items() if _has_both(files)}
    if len(members) < 2:
        raise PairError(
            T("a pair needs at least two LB servers: one folder for each, with haproxy.cfg and keepalived.conf in it"),
            file=source,
        )
    if len(members) > _MOST_MEMBERS:
        raise PairError(
            T("too many LB servers: {count}, at most {most}", count=len(members), most=_MOST_MEMBERS), file=source
        )
    return members


def _has_both(files: Sequence[Artifact]) -> bool:
    return {HAPROXY_CFG, KEEPALIVED_CONF} <= {PurePosixPath(file.path).name for file in files}


def _file(files: Iterable[Artifact], name: str) -> Artifact:
    return next(file for file in files if PurePosixPath(file.path).name == name)


def _read_keepalived(file: Artifact) -> _Instance:
    """What the file says of its server and the others.

    Raises:
        PairError: it does not name the VIP or the NIC, or not as this server could have them.
    """
    lines = list(_words(file.content, "#!"))
    values = {words[0]: words[1] for words in reversed(lines) if len(words) > 1}
    nic, address = values.get("interface", ""), values.get("unicast_src_ip") or values.get("mcast_src_ip", "")
    virtual = next(iter(_block(lines, "virtual_ipaddress")), "")
    for word, value in (("interface", nic), ("virtual_ipaddress", virtual)):
        if not value:
            raise PairError(T("{word} is missing, so its place in the network is unknown", word=word), file=file.path)
    if not _NIC.match(nic) or len(nic.encode()) > _LONGEST_NIC:
        raise PairError(T("invalid NIC name {value}: at most 15 characters", value=_quoted(nic)), file=file.path)
    try:
        plain, _, prefix = virtual.partition("/")
        virtual_address = _address(plain, file.path)
        length = int(prefix or virtual_address.max_prefixlen)
        ip_interface(f"{virtual_address}/{length}")
        is_single = length == virtual_address.max_prefixlen
        subnet_length = _SUBNET_PREFIX[virtual_address.version] if is_single else length
        vip = Vip(str(virtual_address), subnet_length, is_single)
        peers = tuple(str(ip_address(peer)) for peer in _block(lines, "unicast_peer") if is_ip(peer))
        return _Instance(vip, str(_address(address, file.path)) if address else "", peers, nic)
    except ValueError:
        raise PairError(
            T("{value} is not an IP address", value=named(f"{shown(_quoted(virtual))} / {shown(_quoted(address))}")),
            file=file.path,
        ) from None


def _block(lines: Iterable[Sequence[str]], word: str) -> list[str]:
    """The first word of each line in the braces after that word, wherever lines end."""
    found: list[str] = []
    depth, is_inside = 0, False
    for words in lines:
        if not is_inside and words[0] != word:
            continue
        is_first = True
        for part in words if is_inside else words[1:]:
            if part == "}" and depth == 1:
                return found
            if part in ("{", "}"):
                depth += 1 if part == "{" else -1
            elif depth == 1 and is_first:
                found.append(part)
                is_first = False
        is_inside = True
    return found


def _read_haproxy(file: Artifact) -> tuple[int, list[Backend]]:
    """The port of the first frontend that other machines reach, and its servers."""
    port, backend = 0, ""
    servers: dict[str, list[Backend]] = {}
    section = ""
    for words in _words(file.content, "#"):
        if words[0] in _HAPROXY_SECTIONS:
            section = " ".join(words[:2])
        elif words[0] == "bind" and len(words) > 1 and not port:
            port = _outside_port(words[1])
            # A `listen` section has its servers itself.
            backend = section if port else ""
        elif words[0] == "default_backend" and len(words) > 1 and backend == section:
            backend = f"backend {words[1]}"
        elif words[0] == "server" and len(words) > 2:
            servers.setdefault(section, []).append(_server(words, file.path))
    if not port or not servers.get(backend):
        raise PairError(T("no bind with a port, or no server after it"), file=file.path)
    return port, servers[backend]


def _outside_port(bound: str) -> int:
    """The port of a bind line; 0 if other machines cannot reach it."""
    host, _, port = bound.rpartition(":")
    if host.startswith(("127.", "[::1]", "localhost")):
        return 0
    try:
        return _port(port)
    except ValueError:
        return 0


def _server(words: Sequence[str], path: str) -> Backend:
    host, _, port = words[2].rpartition(":")
    if len(words[1]) > _LONGEST_NAME:
        problem = T(
            "a server's name has {count} characters, at most {most} are allowed",
            count=len(words[1]),
            most=_LONGEST_NAME,
        )
        raise PairError(problem, file=path)
    try:
        return Backend(words[1], str(_address(host.strip("[]"), path)), _port(port))
    except ValueError:
        problem = T(
            "server {name}: {value} is not an IP address with a port. A rehearsal resolves no names: write the API "
            "server's address, in a copy of the files if need be",
            name=node_names(words[1]),
            value=_quoted(words[2]),
        )
        raise PairError(problem, file=path) from None


def _port(text: str) -> int:
    """Raises ValueError: it is not one."""
    if not _PORT.match(text) or int(text) not in _PORTS:
        raise ValueError(text)
    return int(text)


def _address(text: str, path: str) -> IPv4Address | IPv6Address:
    """The IP address.

    Raises:
        PairError: it has a zone, which is valid only on one machine.
        ValueError: it is not one.
    """
    if "%" in text:
        problem = T("{value} has a zone. Remove % and what follows", value=_quoted(text))
        raise PairError(problem, file=path)
    address = ip_address(text)
    # The machine at ::ffff:172.16.0.2 is the one at 172.16.0.2 (RFC 4291, 2.5.5.2).
    return getattr(address, "ipv4_mapped", None) or address


def _quoted(word: str) -> str:
    """The word for a message; a long one is masked, even if its form is harmless."""
    return word if len(word) <= _LONGEST_NAME else f"{word[:_LONGEST_NAME]}…"


def _words(text: str, comment_marks: str) -> Iterator[list[str]]:
    """The words of each non-empty line, without comments."""
    # Not splitlines and split: to the programs, U+2028 ends no line, and U+00A0 no word.
    for line in text.split("\n"):
        for mark in comment_marks:
            line = line.partition(mark)[0]
        words = _WORD.findall(line)
        if words:
            yield words
