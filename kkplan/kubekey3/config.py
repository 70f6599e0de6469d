"""Find the one Cluster document in a file, and its spec, as KubeKey's loader would (cmd/kk/pkg/common/loader.go)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kkplan.cluster.cluster import Host
from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.document.block import block_at
from kkplan.document.change import Change
from kkplan.document.node import Entry, Mapping, Node, Scalar, name_of, resolve_alias
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.document.refusals import refuse_duplicates
from kkplan.document.scalar import Value, is_null
from kkplan.document.setting import Setting
from kkplan.errors import KkplanError
from kkplan.kubekey3.endpoint import ENDPOINT_PATH, ControlPlaneEndpoint, endpoint_keys, read_endpoint
from kkplan.kubekey3.hosts import read_hosts
from kkplan.kubekey3.keys import child, find, fold, items_of, lookup, spellings, value_of
from kkplan.kubekey3.loading import Loaded, Stop, label_stops, loaded, name_panic, stops_in_cluster, stops_in_documents
from kkplan.kubekey3.misplaced import misplaced_spec
from kkplan.kubekey3.roles import RoleGroups, read_role_groups
from kkplan.kubekey3.shape import keys_at, schema_of
from kkplan.kubekey3.versions import DEFAULT_VERSION, normalized
from kkplan.locale import T, Text

if TYPE_CHECKING:
    from kkplan.schema.violation import Violation

KUBERNETES, K3S, K8E = "kubernetes", "k3s", "k8e"

# Keys of spec that kkplan reads in several spellings, one over the other, like Go.
_OVERLAID = (ENDPOINT_PATH[-1], "roleGroups")


class ConfigError(KkplanError):
    """The file is YAML, but KubeKey 3 would not install from it."""


class _Located(NamedTuple):
    document: Document
    root_number: int
    root: Mapping
    spec: Mapping


class Config(_Located):
    """A file that contains a Cluster.

    Attributes:
        root_number: index of its YAML document in the file, from 0.
        root: its top mapping.
        spec: the mapping under `spec`.
    """

    def change(self, *settings: Setting) -> Change:
        """What controlPlaneEndpoint is to have."""
        return Change(self.root_number, ENDPOINT_PATH, settings, _keys_in_order, fold)

    @cached_property
    def endpoint(self) -> ControlPlaneEndpoint:
        """The block as it is."""
        shown = find(self.spec, ENDPOINT_PATH[-1]) or find(self.root, "spec")
        place = self.document.place_of(shown.key if shown else self.spec)
        return read_endpoint(self.document, self._mappings_at(ENDPOINT_PATH[-1]), place)

    def _mappings_at(self, key: str) -> list[Mapping]:
        """The mappings under a key of spec in all its spellings; a later one overrides an earlier one."""
        values = [resolve_alias(entry.value) for entry in spellings(self.spec, key)]
        return [value for value in values if isinstance(value, Mapping)]

    @cached_property
    def effective_endpoints(self) -> list[tuple[ControlPlaneEndpoint, EffectiveEndpoint]]:
        """What was found out already of an endpoint, today's or the planned one: a dozen rules ask for it."""
        return []

    @cached_property
    def hosts(self) -> tuple[Host, ...]:
        """The hosts, in the order of the file."""
        return tuple(read_hosts(self.document, self.node_at("hosts")))

    @cached_property
    def role_groups(self) -> RoleGroups:
        """The role groups with their entries expanded."""
        return read_role_groups(self.document, self._mappings_at("roleGroups"), {host.name for host in self.hosts})

    @cached_property
    def _by_name(self) -> dict[str, Host]:
        return {host.name: host for host in self.hosts}

    def hosts_in(self, *groups: str) -> tuple[Host, ...]:
        """The hosts of these role groups, in this order, each host once."""
        return tuple(self._by_name[name] for name in self.role_groups.names_in(*groups))

    def place_of_group(self, *groups: str) -> Place:
        """The place of the first of these role groups in the file; if there is none, that of roleGroups."""
        return self.role_groups.place_of(*groups) or self.place_at("roleGroups")

    @property
    def place(self) -> Place:
        """Where the Cluster document starts."""
        return self.document.place_of(self.root.entries[0].key)

    @property
    def name(self) -> str:
        """metadata.name; "" if it is missing or not a string."""
        value = value_of(child(child(self.root, "metadata"), "name"))
        return value if isinstance(value, str) else ""

    @property
    def distribution(self) -> str:
        """`kubernetes`, `k3s` or `k8e`; kk treats any other value as Kubernetes.

        From the suffix of the version after a hyphen, otherwise from the type (default.go, SetDefaultClusterCfg).
        """
        suffix = normalized(self.written_at("kubernetes", "version")).partition("-")[2].partition("-")[0]
        return suffix or self.written_at("kubernetes", "type") or KUBERNETES

    @property
    def kubernetes_version(self) -> str:
        """The version that kk installs, without the suffix after a hyphen."""
        return normalized(self.text_at("kubernetes", "version")).partition("-")[0] or DEFAULT_VERSION

    @property
    def etcd_type(self) -> str:
        """`kubekey` (the default, because K3s has no kubeadm), `kubeadm` or `external` (default.go, SetDefaultEtcdCfg)."""
        written = self.written_at("etcd", "type")
        return "kubekey" if not written or (written == "kubeadm" and self.distribution == K3S) else written

    @property
    def skips_hosts_file(self) -> bool:
        """Whether system.skipConfigureOS is true, so that kk does not write /etc/hosts."""
        return self.value_at("system", "skipConfigureOS") is True

    @property
    def duplicate_keys(self) -> Iterator[tuple[str, Place]]:
        """Duplicate keys in the documents that kk reads, each with the place of the second."""
        roots = [root for root in self.loaded.roots.values() if root is not None]
        starts = [root.start for root in roots]
        for mapping in self.document.duplicate_key_mappings:
            number = bisect_right(starts, mapping.start) - 1
            if number >= 0 and mapping.start < roots[number].end:
                seen: set[str] = set()
                for entry in mapping.entries:
                    name = name_of(entry)
                    if name in seen:
                        yield name, self.document.place_of(entry.key)
                    seen.add(name)

    @property
    def spelled_twice(self) -> Iterator[tuple[str, Entry]]:
        """Keys in two spellings, where kk reads one over the other; each with the first of them."""
        block = self.node_at(ENDPOINT_PATH[-1])
        places = [(self.spec, key) for key in _OVERLAID]
        places += [(block, key) for key in endpoint_keys() if isinstance(block, Mapping)]
        for mapping, key in places:
            found = spellings(mapping, key)
            if found and name_of(found[0]) != name_of(found[-1]):  # the same spelling twice is a duplicate key
                yield name_of(found[-1]), found[0]

    @cached_property
    def loaded(self) -> Loaded:
        """Which documents of the file kk reads."""
        return loaded(self.document)

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """Errors at which kk stops while loading. Not: duplicate keys, wrong types, the name, KubeSphere's label."""
        in_documents = stops_in_documents(self.document, self.loaded)
        return (*in_documents, *stops_in_cluster(self.document, self.root))

    @cached_property
    def label_stops(self) -> tuple[Stop, ...]:
        """Errors at which kk stops in the version label of a ClusterConfiguration or ConfigMap."""
        return tuple(label_stops(self.document, self.loaded))

    @cached_property
    def name_panic(self) -> Stop | None:
        """Why kk panics at metadata.name; None if it does not."""
        return name_panic(self.document, self.root)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Where the Cluster violates the schema of KubeKey's types, in the order of the file."""
        from kkplan.schema.walk import schema_violations  # not needed by `show`

        return tuple(schema_violations(self.document, self.root, schema_of(self.root)))

    def entry_at(self, *path: str) -> Entry | None:
        """The key with its value at the path under spec, as KubeKey finds it; None if missing."""
        node: Node | None = self.spec
        entry: Entry | None = None
        for key in path:
            entry = lookup(node, key) if isinstance(node, Mapping) else None
            node = resolve_alias(entry.value) if entry is not None else None
        return entry

    def node_at(self, *path: str) -> Node | None:
        """The value at the path under spec, with aliases resolved; None if missing."""
        entry = self.entry_at(*path)
        return resolve_alias(entry.value) if entry is not None else None

    def value_at(self, *path: str) -> Value:
        """The value of the scalar at the path under spec, as KubeKey reads it; None if there is no scalar."""
        return value_of(self.node_at(*path))

    def written_at(self, *path: str) -> str:
        """The scalar at the path under spec as written; "" if it is missing or null."""
        node = self.node_at(*path)
        return node.value if isinstance(node, Scalar) and not is_null(node) else ""

    def text_at(self, *path: str) -> str:
        """The string at the path under spec; "" if it is missing or not a string."""
        value = self.value_at(*path)
        return value if isinstance(value, str) else ""

    def items_at(self, *path: str) -> tuple[Node, ...]:
        """The items of the list at the path under spec, with aliases resolved; empty if there is no list."""
        return items_of(self.node_at(*path))

    def place_at(self, *path: str) -> Place:
        """The place of the deepest existing key on the path under spec; if there is none, that of spec."""
        for length in range(len(path), 0, -1):
            entry = self.entry_at(*path[:length])
            if entry is not None:
                return self.document.place_of(entry)
        spec = find(self.root, "spec")
        return self.document.place_of(spec.key if spec is not None else self.spec)


def locate(document: Document) -> Config:
    """The Cluster document and its spec.

    Raises:
        ConfigError: no Cluster, more than one, or no spec.
        DocumentError: controlPlaneEndpoint is not a mapping, or a key on the path to it is duplicate.
    """
    read = loaded(document)
    clusters = [(number, root) for number, root in read.roots.items() if _kind(root) == "Cluster"]
    if not clusters:
        raise _no_cluster(document, read)
    if len(clusters) > 1:
        lines = [_line(document, root) for _, root in clusters]
        raise ConfigError(
            T(
                "a second Cluster document; the first starts on line {line}. KubeKey would read one over the other: "
                "keep only one in this file",
                line=lines[0],
            ),
            file=document.name,
            line=lines[1],
        )
    number, root = clusters[0]
    assert isinstance(root, Mapping)  # noqa: S101 - a kind is a mapping's
    refuse_duplicates(document, root, fold)
    spec_entry = lookup(root, "spec")
    spec = resolve_alias(spec_entry.value) if spec_entry is not None else None
    if spec_entry is None or not isinstance(spec, Mapping) or not spec.entries or spec is not spec_entry.value:
        elsewhere = misplaced_spec(document, root) if spec is None else None
        if elsewhere is not None:
            raise ConfigError(elsewhere[0], file=document.name, line=elsewhere[1])
        raise ConfigError(
            T(
                "the Cluster has no spec with hosts and roleGroups, so there is nothing to install. Is this the right file?"
            ),
            file=document.name,
            line=_line(document, spec_entry.key if spec_entry is not None else root),
        )
    refuse_duplicates(document, spec, lambda key: key if fold(key) in map(fold, _OVERLAID) else fold(key))
    block_at(document, number, ENDPOINT_PATH, _keys_in_order, fold)
    return Config(document, number, root, spec)


def _keys_in_order(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(keys_at(*path))


def _no_cluster(document: Document, read: Loaded) -> ConfigError:
    if read.cut is not None and any(_kind(root) == "Cluster" for root in document.roots):
        return ConfigError(
            T(
                "text after --- on a line: kk silently stops reading there and finds no Cluster. Move the text to a "
                "line of its own"
            ),
            file=document.name,
            line=read.cut.line,
        )
    kinds = {kind for root in document.roots if (kind := _kind(root))}
    message: Text
    if kinds:
        message = T(
            "no document of kind Cluster; found: {kinds}. Use the file that `kk create config` wrote",
            kinds=", ".join(sorted(kinds)),
        )
    else:
        message = T("no `kind: Cluster` in the file: it is not a KubeKey config. Is this the right file?")
    return ConfigError(message, file=document.name)


def _kind(root: Node | None) -> str:
    """The value of `kind` in this exact spelling: kk looks it up in a plain map."""
    for entry in root.entries if isinstance(root, Mapping) else ():
        value = resolve_alias(entry.value)
        if name_of(entry) == "kind" and isinstance(value, Scalar):
            return value.value
    return ""


def _line(document: Document, node: Node | None) -> int:
    return document.line_of(node.start) if node is not None else 0
