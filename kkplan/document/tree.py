"""What a YAML parser makes of a text, as columns: one row a node, a collection before what is in it.

Thousands of hosts are a hundred thousand nodes. As objects they take three times as long to make as the parser takes; most
are never looked at. Two trees are compared column by column, without any object.
"""

from __future__ import annotations

from typing import Any

# Kinds of nodes; that of a scalar is its style.
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
        kinds: of each node its kind; with a tag or an anchor (kind, tag, anchor).
        texts: a scalar's value, an alias's name, how many nodes a collection holds itself.
        starts, ends: offsets; the start is after anchor and tag.
        children: of each collection the nodes in it, keys and values in turn for a mapping.
        targets: of each alias the node it refers to.
        properties: of each node with a tag or an anchor the offset at which they start.
        roots: the top node of each YAML document; None for an empty one.
        aliased: the start offsets of the nodes that some alias refers to.
        repetitive: the mappings in which a key is there twice.
        nodes: the collections and aliases that were made into objects.
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
        """The node itself, or the one that an alias refers to."""
        while index in self.targets:
            index = self.targets[index]
        return index

    def after(self, index: int) -> int:
        """The row after the last one of what the node holds."""
        while self.children.get(index):
            index = self.children[index][-1]
        return index + 1

    def text_of(self, index: int) -> str:
        """A scalar's value; "" for another node."""
        text = self.texts[index]
        return text if isinstance(text, str) and self.kind_of(index)[0] in SCALARS else ""
