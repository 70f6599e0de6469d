"""The inventory as KubeKey 4 has it: hosts, groups that hold hosts and groups, and their variables.

Source: api/core/v1/inventory_types.go; pkg/variable/helper.go, ConvertGroup and Extension2Variables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from kkplan.document import DocumentError
from kkplan.document.node import Mapping as MappingNode
from kkplan.document.node import Node, Scalar, Sequence, entries_with_merged, resolve_alias
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.kubekey4.go_data import Data, data_of, key_text, rendered
from kkplan.kubekey4.loading import child
from kkplan.locale import T

CONTROL_PLANES, WORKERS, ETCD, CLUSTER = "kube_control_plane", "kube_worker", "etcd", "k8s_cluster"
LOCALHOST = "localhost"
MAX_DEPTH = 20  # groups in groups
MAX_NAMES = 200_000  # in all groups, those of the groups in them counted again: 20,000 hosts are half of it


class Group(NamedTuple):
    """A group: the groups and hosts that it names itself, and its variables."""

    groups: tuple[str, ...]
    hosts: tuple[str, ...]
    variables: Data


class _Read(NamedTuple):
    document: Document
    hosts: Mapping[str, Data]
    places: Mapping[str, Node]
    groups: Mapping[str, Group]
    group_places: Mapping[str, Node]
    variables: Data
    place: Place
    is_localhost_implied: bool


class Inventory(_Read):
    """What an inventory says.

    Attributes:
        hosts: a host's name → its variables.
        places: a host's name → its key.
        groups: a group's name → what it holds.
        group_places: a group's name → its key.
        variables: those of all hosts.
        place: where it starts.
        is_localhost_implied: a group names localhost, which spec.hosts does not have. kk adds it, as the machine that
            it runs on; its place is where the group names it.
    """

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """A group's name → the hosts in it and in its groups, in kk's order: the hosts of its last group come first.

        Raises:
            DocumentError: the groups hold each other more often than any cluster needs.
        """
        done: dict[str, tuple[str, ...]] = {}
        for name in self.groups:
            self._resolve(name, (), done)
        return {name: done[name] for name in self.groups}

    def _resolve(self, name: str, above: tuple[str, ...], done: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        if name in done or name not in self.groups:
            return done.get(name, ())
        group, path = self.groups[name], (*above, name)
        inner = tuple(dict.fromkeys(reversed(group.groups)))
        if any(one in path for one in inner):
            done[name] = ()  # kk gives up on a group that holds itself
            return ()
        self._refuse_many(len(path) > MAX_DEPTH)
        found = [self._resolve(one, path, done) for one in inner]
        self._refuse_many(sum(map(len, (*done.values(), *found))) > MAX_NAMES)
        done[name] = tuple(dict.fromkeys(host for hosts in (*found, group.hosts) for host in hosts))
        return done[name]

    def _refuse_many(self, are_many: bool) -> None:
        if are_many:
            message = T("the groups hold more groups and hosts than any cluster has. Write fewer of them")
            raise DocumentError(message, file=self.document.name)

    def members_of(self, name: str) -> tuple[str, ...]:
        """The hosts of the group; none where it is missing."""
        return self.members.get(name, ())

    @cached_property
    def _groups_of(self) -> dict[str, list[Data]]:
        found: dict[str, list[Data]] = {}
        for group in self.groups.values():
            for host in group.hosts if group.variables else ():
                found.setdefault(host, []).append(group.variables)
        return found

    def group_variables(self, host: str) -> list[Data]:
        """The variables of the groups that name the host themselves."""
        return self._groups_of.get(host, [])

    def place_of(self, host: str) -> Place:
        """Where the host is."""
        return self.document.place_of(self.places[host])

    def place_of_group(self, group: str) -> Place:
        """Where the group is; the inventory's own place where it is missing."""
        key = self.group_places.get(group)
        return self.document.place_of(key) if key is not None else self.place


def read_inventory(document: Document, root: MappingNode | None, place: Place) -> Inventory:
    """The inventory in a YAML document; its types are right (loading.py)."""
    spec = _child(root, "spec")
    hosts, groups = _child(spec, "hosts"), _child(spec, "groups")
    of_hosts = {name: _variables(document, node) for name, _, node in _entries(hosts)}
    places = {name: key for name, key, _ in _entries(hosts)}
    named = None if LOCALHOST in of_hosts else next(_names_of_localhost(groups), None)
    if named is not None:
        of_hosts[LOCALHOST], places[LOCALHOST] = {}, named
    return Inventory(
        document,
        of_hosts,
        places,
        {name: _group(document, node) for name, _, node in _entries(groups)},
        {name: key for name, key, _ in _entries(groups)},
        _variables(document, _child(spec, "vars")),
        place,
        named is not None,
    )


def _names_of_localhost(groups: Node | None) -> Iterator[Node]:
    for _, _, group in _entries(groups):
        hosts = _child(group, "hosts")
        for item in hosts.items if isinstance(hosts, Sequence) else ():
            name = resolve_alias(item)
            if isinstance(name, Scalar) and name.value == LOCALHOST:
                yield name


def _entries(node: Node | None) -> Iterator[tuple[str, Node, Node]]:
    for entry in entries_with_merged(node) if isinstance(node, MappingNode) else ():
        yield key_text(entry.key), entry.key, resolve_alias(entry.value)


def _group(document: Document, node: Node) -> Group:
    return Group(
        _names(document, _child(node, "groups")),
        _names(document, _child(node, "hosts")),
        _variables(document, _child(node, "vars")),
    )


def _names(document: Document, node: Node | None) -> tuple[str, ...]:
    items = data_of(document, node)
    return tuple("" if item is None else rendered(item) for item in items) if isinstance(items, list) else ()


def _variables(document: Document, node: Node | None) -> Data:
    """What is no map becomes the value of a key that no role reads."""
    data: Any = data_of(document, node)
    return data if isinstance(data, dict) else {} if data is None else {"raw": data}


def _child(node: Node | None, key: str) -> Node | None:
    """The value of a key that Go's encoding/json reads, in any case."""
    return child(node, key, str.casefold)
