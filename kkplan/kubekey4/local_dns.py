"""Where the endpoint's host name leads on each node: what kk writes into /etc/hosts, first at the install, then after
`kk add nodes`.

Source: builtin/core/roles/native/dns, kubernetes/init-kubernetes and kubernetes/join-kubernetes (v4.0.6; run,
tests/kubekey4).
"""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.endpoint import INIT_NODE, LeadsTo
from kkplan.kubekey4.defaults import HAPROXY, HOSTS_FILE, KUBE_VIP, LOCAL
from kkplan.kubekey4.files import Files, block_of
from kkplan.kubekey4.go_data import Data, rendered, value_at
from kkplan.kubekey4.installation import init_candidates
from kkplan.kubekey4.inventory import CLUSTER, CONTROL_PLANES, ETCD, WORKERS, Inventory

OWN_NODE = ("127.0.0.1", "::1")
_DNS_GROUPS = (CLUSTER, ETCD, "image_registry", "nfs")
SHELL = frozenset("$`\\")  # what a shell obeys


def leads_to(files: Files) -> tuple[LeadsTo, ...]:
    """Each host of the inventory with the addresses of the endpoint's host in its /etc/hosts, in their order."""
    inventory = files.inventory
    if inventory is None:
        return ()
    names = _Names(files, inventory)
    return tuple(names.of(host) for host in inventory.hosts)


class _Names:
    def __init__(self, files: Files, inventory: Inventory) -> None:
        self._files = files
        self._candidates = init_candidates(files)
        self._planes = frozenset(inventory.members_of(CONTROL_PLANES))
        self._workers = frozenset(inventory.members_of(WORKERS))
        self._groups = {group: frozenset(inventory.members_of(group)) for group in _DNS_GROUPS}
        self._named = frozenset().union(*self._groups.values())

    def of(self, host: str) -> LeadsTo:
        variables = self._files.variables(host)
        block = block_of(variables)
        name = rendered(block.get("host"))
        if not writes_hosts_file(variables) or host not in self._named or not _is_one_word(name):
            return LeadsTo(host, (), ())
        before = tuple(self._of_node_names(name, variables))
        if name == "localhost":
            before = (OWN_NODE[0], *before)  # the line that every machine has
        if host not in self._groups[CLUSTER]:
            return LeadsTo(host, before, before)
        return LeadsTo(
            host, (*before, *self._after_install(host, block)), (*before, *self._after_add_nodes(host, block))
        )

    def _after_install(self, host: str, block: Data) -> tuple[str, ...]:
        kind, external = block.get("type"), _external(block)
        if kind == LOCAL and external:
            return (external,)
        is_plane = host in self._planes
        if kind == KUBE_VIP:
            return OWN_NODE if is_plane or self._is_init(host) else _vip(block)
        if is_plane or (kind == HAPROXY and host in self._workers) or kind not in (LOCAL, HAPROXY):
            return OWN_NODE
        return self._init_node(host)

    def _after_add_nodes(self, host: str, block: Data) -> tuple[str, ...]:
        kind, external = block.get("type"), _external(block)
        if kind == LOCAL and external:
            return (external,)
        if kind == KUBE_VIP:
            return _vip(block)
        return self._init_node(host) if kind in (LOCAL, HAPROXY) else OWN_NODE

    def _init_node(self, host: str) -> tuple[str, ...]:
        """The init node's addresses, or its own loopback on itself."""
        if len(self._candidates) > 1:
            return (INIT_NODE,)
        if self._is_init(host):
            return OWN_NODE
        return self._files.internal_addresses(self._candidates[0]) if self._candidates else ()

    def _is_init(self, host: str) -> bool:
        return self._candidates == (host,)

    def _of_node_names(self, name: str, variables: Data) -> Iterator[str]:
        """The lines for the nodes themselves, which are above the endpoint's."""
        cluster_name = value_at(variables, "kubernetes", "cluster_name")
        domain = value_at(variables, "kubernetes", "networking", "dns_domain")
        in_cluster = f".{rendered(cluster_name or 'kubekey')}"
        suffixes = ("", in_cluster, f"{in_cluster}.{rendered(domain or 'cluster.local')}")
        short = [name.removesuffix(suffix) for suffix in suffixes if name.endswith(suffix)]
        for group, members in self._groups.items():
            for number, own in enumerate(short):
                if own in members and (group == CLUSTER or number == 0):
                    yield from self._files.internal_addresses(own)


def _external(block: Data) -> str:
    address = value_at(block, "local", "address")
    return rendered(address) if address else ""


def _vip(block: Data) -> tuple[str, ...]:
    kube_vip = block.get("kube_vip")
    address = rendered(kube_vip.get("address")) if isinstance(kube_vip, dict) else ""
    return (address,) if address else ()


def writes_hosts_file(variables: Data) -> bool:
    """Whether kk writes names into the /etc/hosts of a host with these variables (native.localDNS)."""
    files = value_at(variables, "native", "localDNS")
    return isinstance(files, list) and HOSTS_FILE in files


def _is_one_word(name: str) -> bool:
    """Whether the name comes into the file as it is: kk puts it through a shell."""
    return bool(name) and not any(letter.isspace() for letter in name) and SHELL.isdisjoint(name)
