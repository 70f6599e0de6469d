"""The nodes of a YAML text as columns: one row per node, a collection before its content.

Thousands of hosts have a hundred thousand nodes. Creating objects for them would take three times as long as parsing, and
most are never read. Two trees are compared column by column, without any object.
"""

from __future__ import annotations

from typing import Any

# Kinds of nodes; the kind of a scalar is its style.
SCALARS = frozenset(("", "'", '"', "|", ">"))
ALIAS = "*"
BLOCK_MAPPING, FLOW_MAPPING = "mapping", "{"
BLOCK_SEQUENCE, FLOW_SEQUENCE = "sequence", "["
MAPPINGS = frozenset((BLOCK_MAPPING, FLOW_MAPPING))
SEQUENCES = frozenset((BLOCK_SEQUENCE, FLOW_SEQUENCE))
FLOW_KINDS = frozenset((FLOW_MAPPING, FLOW_SEQUENCE))


class Tree:
    """The nodes of all documents of a file, in the order of the text.

    Attributes:
        kinds: kind of each node; with a tag or an anchor, (kind, tag, anchor).
        texts: value of a scalar, name of an alias, number of direct children of a collection.
        starts, ends: offsets; the start is after anchor and tag.
        children: collection → its direct children; for a mapping, keys and values in turn.
        targets: alias → the node it refers to.
        properties: node with a tag or an anchor → the offset where they start.
        roots: the top node of each YAML document; None for an empty one.
        aliased: start offsets of the nodes that an alias refers to.
        repetitive: mappings with a duplicate key.
        nodes: collections and aliases that already have an object.
    """

    __slots__ = (
        "aliased",
        "children",
        "ends",
        "kinds",
        "nodes",
        "properties",
        "repetitive",
        "roots",
        "starts",
        "targets",
        "texts",
    )

    def __init__(self) -> None:
        self.kinds: list[str | tuple[str, str, str]] = []
        self.texts: list[str | int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.children: dict[int, list[int]] = {}
        self.targets: dict[int, int] = {}
        self.properties: dict[int, int] = {}
        self.roots: list[int | None] = []
        self.aliased: set[int] = set()
        self.repetitive: list[int] = []
        self.nodes: dict[int, Any] = {}

    def kind_of(self, index: int) -> tuple[str, str, str]:
        """The node's kind, tag and anchor."""
        kind = self.kinds[index]
        return (kind, "", "") if isinstance(kind, str) else kind

    def resolved(self, index: int) -> int:
        """The node itself, or the target of an alias."""
        while index in self.targets:
            index = self.targets[index]
        return index

    def after(self, index: int) -> int:
        """The row after the node's last descendant."""
        while self.children.get(index):
            index = self.children[index][-1]
        return index + 1

    def text_of(self, index: int) -> str:
        """A scalar's value; "" for another node."""
        text = self.texts[index]
        return text if isinstance(text, str) and self.kind_of(index)[0] in SCALARS else ""
