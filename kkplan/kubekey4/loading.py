"""Which documents kk 4 loads as config and inventory, and what ends it there.

Source: cmd/kk/app/options/option.go, Complete; cmd/kk/app/options/builtin/create.go, completeConfig;
api/core/v1/config_types.go and inventory_types.go. The files are read as YAML, turned into JSON, and decoded by Go's
encoding/json, which finds its own keys in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kkplan.document.node import (
    Entry,
    Fold,
    Mapping,
    Node,
    Scalar,
    Sequence,
    entries_with_merged,
    lookup,
    resolve_alias,
)
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.document.scalar import is_null, meaning
from kkplan.locale import T, Text

SPEC = "spec"
BLOCK_PATH = ("kubernetes", "control_plane_endpoint")
INVENTORY = "inventory"

CONFIG_KIND, INVENTORY_KIND, CLUSTER_KIND = "Config", "Inventory", "Cluster"
_KUBEKEY_3_KEYS = ("controlPlaneEndpoint", "roleGroups")
API_GROUP = "kubekey"


def entry_of(node: Node | None, key: str, fold: Fold = str) -> Entry | None:
    """The entry of the key in a mapping, with those from merge keys; None for another node."""
    return lookup(node, key, fold) if isinstance(node, Mapping) else None


def value_of(entry: Entry | None) -> Node | None:
    """The entry's value, with aliases resolved."""
    return resolve_alias(entry.value) if entry is not None else None


def child(node: Node | None, key: str, fold: Fold = str) -> Node | None:
    """The value of the key; None if it is missing."""
    return value_of(entry_of(node, key, fold))


class Part(NamedTuple):
    """A YAML document that kk loads.

    Attributes:
        number: which of the file's documents it is, from 0.
        root: its top mapping; None for an empty document, or one that is no mapping.
    """

    document: Document
    number: int
    root: Mapping | None

    def entry(self, key: str) -> Entry | None:
        """The entry of one of the keys that Go decodes, in any case."""
        return entry_of(self.root, key, str.casefold)

    def node(self, key: str) -> Node | None:
        """The value of such a key; None where it is missing or null."""
        value = value_of(self.entry(key))
        return None if value is None or _is_null(value) else value

    def text(self, key: str) -> str:
        """The text of such a key; "" for none."""
        value = self.node(key)
        return value.value if isinstance(value, Scalar) else ""

    @property
    def place(self) -> Place:
        """Where the document starts; of an empty first one, its dashes."""
        if self.root is not None and self.root.entries:
            return self.document.place_of(self.root.entries[0].key)
        lines = enumerate(self.document.text.split("\n"), 1)
        dashes = next((number for number, line in lines if line.startswith("---")), 1) if not self.number else 1
        return Place(dashes, 1, 2, self.document.name)


class Stop(NamedTuple):
    """What ends kk.

    Attributes:
        message: what is so, and what kk does.
        advice: what to do about it.
        part: the document that it is in.
        node: what in it; None where something is missing.
    """

    message: Text
    advice: Text
    part: Part
    node: Node | Entry | None = None

    @property
    def place(self) -> Place:
        """Where that is."""
        return self.part.document.place_of(self.node) if self.node is not None else self.part.place


def part_at(document: Document, number: int) -> Part:
    """The document of that number."""
    root = document.roots[number] if number < len(document.roots) else None
    top = resolve_alias(root) if root is not None else None
    return Part(document, number, top if isinstance(top, Mapping) else None)


def parts_of(document: Document) -> list[Part]:
    """All documents of the file."""
    return [part_at(document, number) for number in range(len(document.roots))]


def is_of_kubekey(part: Part) -> bool:
    """Whether the document is of a KubeKey, by its apiVersion."""
    return API_GROUP in part.text("apiVersion").casefold()


def is_config(part: Part) -> bool:
    """Whether the document can be a config of KubeKey 4: it says so, or it says nothing and has KubeKey 4's block."""
    kind = part.text("kind")
    spec = part.node("spec")
    has_block = entry_of(child(spec, "kubernetes"), "control_plane_endpoint") is not None
    if kind == CONFIG_KIND:
        return (is_of_kubekey(part) and not _has_keys_of_kubekey_3(spec)) or has_block
    return has_block and kind in ("", CLUSTER_KIND)


def is_inventory(part: Part) -> bool:
    """Whether the document is an inventory of KubeKey 4."""
    if part.text("kind") != INVENTORY_KIND:
        return False
    return is_of_kubekey(part) or isinstance(part.node("spec"), Mapping)


def is_of_kubekey_3(part: Part) -> bool:
    """Whether the document is a Cluster of KubeKey 3, which kk 4 loads all the same."""
    is_cluster = part.text("kind") == CLUSTER_KIND
    return is_cluster and ("v1alpha" in part.text("apiVersion") or _has_keys_of_kubekey_3(part.node("spec")))


def _has_keys_of_kubekey_3(spec: Node | None) -> bool:
    return any(entry_of(spec, key) is not None for key in _KUBEKEY_3_KEYS)


def stops_in_config(part: Part) -> Iterator[Stop]:
    """What ends kk when it loads the config."""
    yield from _stops_at_top(part)
    spec = part.entry("spec")
    yield from _no_mapping(part, spec, "spec")
    kubernetes = entry_of(value_of(spec), "kubernetes")
    if kubernetes is not None and not isinstance(value_of(kubernetes), Mapping):
        yield Stop(
            T("spec.kubernetes is not a mapping: kk stops with an error"),
            T("Give it keys and values, or delete the line"),
            part,
            kubernetes,
        )


def stops_in_inventory(part: Part) -> Iterator[Stop]:
    """What ends kk when it loads the inventory."""
    yield from _stops_at_top(part, scalars_become_text=True)
    for key in ("metadata", "spec"):
        yield from _no_mapping(part, part.entry(key), key)
    spec = part.node("spec")
    for key in ("hosts", "groups"):
        yield from _no_mapping(part, entry_of(spec, key, str.casefold), f"spec.{key}")
    groups = child(spec, "groups", str.casefold)
    for group in entries_with_merged(groups) if isinstance(groups, Mapping) else ():
        name = f"spec.groups.{group.key.value}" if isinstance(group.key, Scalar) else "spec.groups"
        yield from _no_mapping(part, group, name)
        for key in ("groups", "hosts"):
            names = entry_of(value_of(group), key, str.casefold)
            value = value_of(names)
            if value is None or _is_null(value):
                continue
            if not isinstance(value, Sequence) or any(
                not isinstance(resolve_alias(item), Scalar) for item in value.items
            ):
                yield Stop(
                    T("{key} is not a list of names: kk stops with an error", key=f"{name}.{key}"),
                    T("Write the names as a list: [node1, node2]"),
                    part,
                    names,
                )


def _stops_at_top(part: Part, *, scalars_become_text: bool = False) -> Iterator[Stop]:
    root = part.document.roots[part.number] if part.number < len(part.document.roots) else None
    top = resolve_alias(root) if root is not None else None
    if top is not None and not isinstance(top, Mapping) and not _is_null(top):
        yield Stop(
            T("the file has no keys and values: kk stops with an error"),
            T("Name the file that `kk create config` or `kk create inventory` wrote"),
            part,
            top,
        )
    for key in ("kind", "apiVersion"):
        value = part.node(key)
        is_text = isinstance(value, Scalar) and (scalars_become_text or isinstance(meaning(value), str))
        if value is not None and not is_text:
            yield Stop(T("{key} is not text: kk stops with an error", key=key), T("Write it as text"), part, value)


def _no_mapping(part: Part, entry: Entry | None, name: str) -> Iterator[Stop]:
    value = value_of(entry)
    if value is not None and not isinstance(value, Mapping) and not _is_null(value):
        yield Stop(
            T("{key} is not a mapping: kk stops with an error", key=name), T("Give it keys and values"), part, entry
        )


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and is_null(node)
