"""Config and inventory together: the variables that each host gets from them.

Source: pkg/variable/variable_get.go, GetAllVariable (v4.0.5 and newer): role defaults < spec.vars < group < host < config.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property, reduce
from typing import Any, NamedTuple

from kkplan.document.node import Entry, Mapping, Node
from kkplan.document.place import Place
from kkplan.kubekey4.defaults import DEFAULT_PORT, DEFAULT_VERSION, DEFAULTS
from kkplan.kubekey4.go_data import Data, combined, data_of, rendered, value_at
from kkplan.kubekey4.inventory import CLUSTER, Inventory, read_inventory
from kkplan.kubekey4.loading import (
    BLOCK_PATH,
    Part,
    Stop,
    child,
    entry_of,
    is_of_kubekey_3,
    stops_in_config,
    stops_in_inventory,
    value_of,
)

INIT_NODE = "init_kubernetes_node"
_ROLE_VARIABLES = frozenset((*DEFAULTS, INIT_NODE))


class _Located(NamedTuple):
    config: Part | None
    inventory_part: Part | None
    is_one_file: bool
    planned: Any


class Files(_Located):
    """The documents that kk is given.

    Attributes:
        config: None where there is none: everything is a default then.
        inventory_part: None where there is none.
        is_one_file: both are documents of one file, of which kk reads the first only.
        planned: what a plan adds to the config, as data; None where nothing is planned.
    """

    @property
    def part(self) -> Part:
        """The config, or the inventory where there is no config."""
        part = self.config or self.inventory_part
        assert part is not None  # noqa: S101 - one of them was read
        return part

    @cached_property
    def has_other_inventory(self) -> bool:
        """Whether KubeKey 3's config is in the inventory's place: KK405 reports it, in place of all that follows.

        A mapping of hosts is KubeKey 4's, whatever the kind: KubeKey 3 has a list.
        """
        part = self.inventory_part
        if part is None or not is_of_kubekey_3(part):
            return False
        return not isinstance(child(part.node("spec"), "hosts", str.casefold), Mapping)

    @cached_property
    def load_stops(self) -> tuple[Stop, ...]:
        """What ends kk while it loads the files."""
        config = stops_in_config(self.config) if self.config else ()
        inventory = stops_in_inventory(self.inventory_part) if self.inventory_part else ()
        return (*config, *inventory)

    @cached_property
    def found_failures(self) -> list[Any]:
        """What was found out already of where kk ends: several rules ask for it."""
        return []

    @cached_property
    def written(self) -> Data:
        """The config's spec as the file has it."""
        spec = self.config.node("spec") if self.config else None
        return data_of(self.config.document, spec) if self.config and isinstance(spec, Mapping) else {}

    @cached_property
    def spec(self) -> Data:
        """The config's spec once the plan is carried out, with the version that kk takes where it has none."""
        spec: Data = self.written if self.planned is None else self.planned
        kubernetes = spec.get("kubernetes", {})
        if isinstance(kubernetes, dict) and "kube_version" not in kubernetes:
            return {**spec, "kubernetes": {**kubernetes, "kube_version": DEFAULT_VERSION}}
        return spec

    @cached_property
    def inventory(self) -> Inventory | None:
        """The inventory; None where there is none."""
        part = self.inventory_part
        return read_inventory(part.document, part.root, part.place) if part is not None else None

    @cached_property
    def _common(self) -> Data:
        return self._with_defaults([])

    @cached_property
    def _of_hosts(self) -> dict[str, Data]:
        return {}

    def variables(self, host: str) -> Data:
        """The role variables of a host, and nothing of what only its machine knows."""
        own = [data for data in self._own_variables(host) if not _ROLE_VARIABLES.isdisjoint(data)]
        if not own:
            return self._common
        if host not in self._of_hosts:
            self._of_hosts[host] = self._with_defaults(own)
        return self._of_hosts[host]

    def given(self, host: str) -> Data:
        """What is given for a host by the files, the defaults left out."""
        return self._given([data for data in self._own_variables(host) if not _ROLE_VARIABLES.isdisjoint(data)])

    @property
    def common_given(self) -> Data:
        """What the files give for all hosts."""
        return self._given([])

    def _own_variables(self, host: str) -> Iterator[Data]:
        if self.inventory is not None:
            yield from self.inventory.group_variables(host)
            yield self.inventory.hosts.get(host, {})

    def _given(self, own: list[Data]) -> Data:
        above: list[Data] = [*([self.inventory.variables] if self.inventory else []), *own, self.spec]
        return reduce(combined, above, {})

    def _with_defaults(self, own: list[Data]) -> Data:
        given = self._given(own)
        variables: Data = combined(dict(DEFAULTS), given)
        block = value_at(variables, *BLOCK_PATH)
        if isinstance(block, dict) and "port" not in block:
            port = value_at(variables, "kubernetes", "apiserver", "port")
            added = {BLOCK_PATH[0]: {BLOCK_PATH[1]: {"port": _parsed(DEFAULT_PORT if port is None else port)}}}
            variables = combined(variables, added)
        return variables

    def differing_hosts(self) -> dict[str, Data]:
        """The hosts with role variables of their own → their variables."""
        names = self.inventory.hosts if self.inventory is not None else ()
        return {name: found for name in names if (found := self.variables(name)) is not self._common}

    def all_variables(self) -> Iterator[Data]:
        """Those that most hosts have, and those of each host with role variables of its own."""
        yield self._common
        yield from self.differing_hosts().values()

    def variables_in_cluster(self) -> Iterator[tuple[str, Data]]:
        """The variables that most hosts of the cluster have, if any, by ""; then those of its hosts that have their own."""
        differing = self.differing_hosts()
        members = set(self.inventory.members_of(CLUSTER)) if self.inventory is not None else set()
        if not members or members - differing.keys():
            yield "", self._common
        yield from ((host, variables) for host, variables in differing.items() if host in members)

    def own_value(self, host: str, key: str) -> Any:
        """A value of a host, as its internal_ipv4: the config's for all hosts, else the host's, its groups', spec.vars'."""
        above: list[Data] = [self.inventory.variables] if self.inventory else []
        for data in reversed([*above, *self._own_variables(host), self.spec]):
            if key in data:
                return data[key]
        return None

    def internal_addresses(self, host: str) -> tuple[str, ...]:
        """The internal IPv4 and IPv6 addresses of a host as templates write them, those that are empty left out."""
        values = (self.own_value(host, key) for key in ("internal_ipv4", "internal_ipv6"))
        return tuple(rendered(value) for value in values if value)

    @cached_property
    def owners(self) -> dict[str, str]:
        """Each internal address → a host that has it."""
        names = self.inventory.hosts if self.inventory is not None else ()
        return {address: name for name in names for address in self.internal_addresses(name)}

    @cached_property
    def host_without_text(self) -> str:
        """A host with an internal address that is a number or the like; "" if there is none."""
        names = self.inventory.hosts if self.inventory is not None else ()
        values = ((name, self.own_value(name, key)) for name in names for key in ("internal_ipv4", "internal_ipv6"))
        return next((name for name, value in values if value is not None and not isinstance(value, str)), "")

    def entry_at(self, *path: str) -> Entry | None:
        """The key with its value at the path below the config's spec, spelled exactly so; None where it is not there."""
        node: Node | None = self.config.node("spec") if self.config else None
        entry: Entry | None = None
        for key in path:
            entry = entry_of(node, key)
            node = value_of(entry)
        return entry

    def place_at(self, *path: str) -> Place:
        """The place of the nearest key on the path below spec that is there; that of the document where none is."""
        for length in range(len(path), 0, -1):
            entry = self.entry_at(*path[:length])
            if entry is not None and self.config is not None:
                return self.config.document.place_of(entry)
        return self.part.place


def block_of(variables: Data) -> Data:
    """The endpoint's block; empty where it is null."""
    block = value_at(variables, *BLOCK_PATH)
    return block if isinstance(block, dict) else {}


def _parsed(value: Any) -> Any:
    """What a default that is a template becomes: its text, read as JSON where it is JSON."""
    text = rendered(value)
    try:
        return json.loads(text)
    except ValueError:
        return text
