"""The values of a file as KubeKey 4 has them once it is loaded, and what Go's templates make of them.

The files go through sigs.k8s.io/yaml (YAML 1.1, then JSON) into maps, and from there into text/template with sprig.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kkplan.document import DocumentError
from kkplan.document.build import MAX_DEPTH
from kkplan.document.node import Mapping, Node, Scalar, Sequence, entries_with_merged, resolve_alias
from kkplan.document.scalar import meaning
from kkplan.locale import T

if TYPE_CHECKING:
    from kkplan.document.parse import Document

Data = dict[str, Any]

NO_VALUE = "<no value>"  # what text/template writes for nothing


def data_of(document: Document, node: Node | None) -> Any:
    """The node's value: a dict, a list, a text, a number, a truth value or None. What is aliased is there once.

    Raises:
        DocumentError: an alias leads back to what it is in, or aliases nest deeper than any config.
    """
    return _Reader(document).read(node)


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._done: dict[int, Any] = {}
        self._open: set[int] = set()

    def read(self, node: Node | None) -> Any:
        node = resolve_alias(node) if node is not None else None
        if node is None or isinstance(node, Scalar):
            return meaning(node) if node is not None else None
        if node.start in self._open or len(self._open) >= MAX_DEPTH:
            raise DocumentError(
                T("an alias (*…) leads back to the value that it is in. Write the value out")
                if node.start in self._open
                else T("nested more than {depth} levels deep: not a config. Is this the right file?", depth=MAX_DEPTH),
                file=self._document.name,
                line=self._document.line_of(node.start),
            )
        if node.start not in self._done:
            self._open.add(node.start)
            self._done[node.start] = self._collection(node)
            self._open.discard(node.start)
        return self._done[node.start]

    def _collection(self, node: Mapping | Sequence | Any) -> Any:
        if isinstance(node, Sequence):
            return [self.read(item) for item in node.items]
        return {key_text(entry.key): self.read(entry.value) for entry in entries_with_merged(node)}


def key_text(key: Node) -> str:
    """The key as JSON has it: a number or a truth value becomes its text."""
    scalar = resolve_alias(key)
    return rendered(meaning(scalar)) if isinstance(scalar, Scalar) else ""


def rendered(value: Any) -> str:
    """The value as `{{ .value }}` writes it."""
    if value is None:
        return NO_VALUE
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.17g}" if value != float(f"{value:g}") else f"{value:g}"
    if isinstance(value, list):
        return f"[{' '.join('map[…]' if isinstance(one, (dict, list)) else rendered(one) for one in value)}]"
    if isinstance(value, dict):
        return "map[…]"
    return str(value)


def value_at(data: Any, *path: str) -> Any:
    """The value at the path; None where it is not there, whatever is there instead."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def combined(below: Any, above: Any) -> Any:
    """One value over another: maps are merged key by key, anything else, null too, takes the place of what is below."""
    return _Combination().of(below, above)


class _Combination:
    """Merges each pair of maps once, however often aliases lead to it."""

    def __init__(self) -> None:
        self._done: dict[tuple[int, int], Data] = {}

    def of(self, below: Any, above: Any) -> Any:
        if not isinstance(below, dict) or not isinstance(above, dict):
            return above
        pair = (id(below), id(above))
        if pair not in self._done:
            self._done[pair] = {**below, **{key: self.of(below.get(key), value) for key, value in above.items()}}
        return self._done[pair]


def same(one: Any, other: Any, done: set[tuple[int, int]] | None = None) -> bool:
    """Whether two values are equal. A pair is compared once, however often aliases lead to it."""
    done = set() if done is None else done
    if one is other or (id(one), id(other)) in done:
        return True
    done.add((id(one), id(other)))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key], done) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair, done) for pair in zip(one, other, strict=True))
    return bool(one == other)
