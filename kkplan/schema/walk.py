"""Hold a document against a schema, as KubeKey would read it.

KubeKey turns YAML into JSON (sigs.k8s.io/yaml) and that into Go's types (encoding/json): keys match in any case, null fits
everything, unknown keys are dropped, a wrong type is an error. The walk goes over the document's own nodes, for it is to be
linear and to know the place of each.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from kkplan.cluster.cluster import is_ip
from kkplan.document.node import (
    Alias,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    entries_with_merged,
    name_of,
    resolve_alias,
)
from kkplan.document.parse import Document
from kkplan.document.scalar import Value, meaning
from kkplan.schema import wording
from kkplan.schema.near import near_key
from kkplan.schema.shape import Schema, Shape
from kkplan.schema.violation import Kind, Path, Violation
from kkplan.shown import HIDDEN, is_identifier

_INT64 = range(-(2**63), 2**63)  # Go's int on every machine that kk runs on
_ANY = Shape()


def schema_violations(document: Document, root: Mapping, schema: Schema) -> Iterator[Violation]:
    """Every place under `root`, a document's top mapping, that is not as the schema wants it, in the order of the file."""
    walk = _Walk(document, schema)
    return iter(sorted(walk.run(root), key=lambda violation: violation.start))


class _Walk:
    def __init__(self, document: Document, schema: Schema) -> None:
        self._document = document
        self._schema = schema
        self._aliased = sorted(document.aliased)
        self._found: list[Violation] = []
        self._seen: set[tuple[int, int]] = set()

    def run(self, root: Mapping) -> list[Violation]:
        self._value(root, self._schema.shape, self._schema.later, ())
        return self._found

    def _value(self, node: Node, shape: Shape, later: Shape | None, path: Path) -> None:
        resolved = node.target if isinstance(node, Alias) else node
        if isinstance(resolved, Scalar):
            self._scalar(resolved, node, shape, path)
        elif resolved.start in self._document.aliased and not self._first_time(resolved, shape):
            return
        elif isinstance(resolved, Mapping):
            self._mapping(resolved, node, shape, later, path)
        elif isinstance(resolved, Sequence):
            self._sequence(resolved, node, shape, later, path)

    def _first_time(self, node: Node, shape: Shape) -> bool:
        key = (node.start, id(shape))
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    # --- collections ---

    def _mapping(self, node: Mapping, place: Node, shape: Shape, later: Shape | None, path: Path) -> None:
        if shape.types and "object" not in shape.types:
            self._wrong_type(place, shape, path, "object", None)
        if shape.open or (not shape.keys and shape.rest is None):
            return
        entries = entries_with_merged(node)
        before = _Before(node, shape)
        for entry in entries:
            self._entry(entry, before, shape, later, path)
            before.append(entry)
        self._required(node, entries, shape, path)

    def _entry(self, entry: Entry, before: _Before, shape: Shape, later: Shape | None, path: Path) -> None:
        if not isinstance(entry.key, Scalar) or meaning(entry.key) is None:
            self._add(Kind.WRONG_TYPE, (*path, HIDDEN), entry.key, wording.key_is_no_text())
            return
        name = entry.key.value
        known = shape.keys.get(shape.fold(name))
        if known is not None and known[1].exact and known[0] != name:
            known = None
        if known is None and shape.rest is None:
            self._unknown(entry, before, shape, later, path)
            return
        inner = known[1] if known is not None else shape.rest or _ANY
        if inner.outdated:
            place = (*path, name)
            self._add(Kind.OUTDATED_KEY, place, entry.key, wording.outdated_key(place, inner.outdated))
            return
        is_cut = known is None and before.may_be_cut(entry) and not isinstance(resolve_alias(entry.value), Mapping)
        step = HIDDEN if is_cut and inner.keys else name
        self._value(entry.value, inner, _below(later, name), (*path, step))

    def _unknown(self, entry: Entry, before: _Before, shape: Shape, later: Shape | None, path: Path) -> None:
        name = name_of(entry)
        if shape.extensions and name.startswith("x-"):
            return
        glued = _glued_key(name, shape)
        if glued:
            self._add(Kind.UNKNOWN_KEY, (*path, HIDDEN), entry.key, wording.glued_key(path, glued))
            return
        if not is_identifier(name):
            is_cut = before.last is not None and before.flow and is_ip(name) and not before.ends_in_secret()
            words = (
                wording.cut_value(path, name_of(before.last), name)
                if is_cut and before.last is not None
                else wording.key_is_no_name(path)
            )
            self._add(Kind.UNKNOWN_KEY, (*path, HIDDEN), entry.key, words)
            return
        guess = near_key(name, shape)
        if not guess and self._carries_anchors(entry):
            return
        if not guess and before.may_be_cut(entry):
            words = wording.nameless_key(path, after_secret=before.ends_in_secret())
            self._add(Kind.UNKNOWN_KEY, (*path, HIDDEN), entry.key, words)
            return
        if later is not None and (later.fold(name) in later.keys or later.rest is not None):
            words = wording.later_key((*path, name), self._schema.later_version)
            self._add(Kind.LATER_KEY, (*path, name), entry.key, words)
            self._value(entry.value, _below(later, name) or _ANY, None, (*path, name))  # kk 3 reads it
            return
        words = wording.unknown_key(path, name, guess, shape, self._schema)
        self._add(Kind.UNKNOWN_KEY, (*path, name), entry.key, words, guess)

    def _carries_anchors(self, entry: Entry) -> bool:
        """Whether an alias elsewhere stands for something below the key: that is what the key is there for."""
        first = bisect_left(self._aliased, entry.value.start)
        return first < len(self._aliased) and self._aliased[first] <= entry.value.end

    def _required(self, node: Mapping, entries: tuple[Entry, ...], shape: Shape, path: Path) -> None:
        there = {shape.fold(name_of(entry)) for entry in entries}
        for name in shape.required:
            if shape.fold(name) not in there:
                self._add(Kind.MISSING_KEY, (*path, name), node, wording.missing_key(path, name), name)

    def _sequence(self, node: Sequence, place: Node, shape: Shape, later: Shape | None, path: Path) -> None:
        if shape.types and "array" not in shape.types:
            self._wrong_type(place, shape, path, "array", None)
        elif shape.items is not None:
            below = later.items if later is not None else None
            for number, item in enumerate(node.items):
                self._value(item, shape.items, below, (*path, number))

    # --- scalars ---

    def _scalar(self, node: Scalar, place: Node, shape: Shape, path: Path) -> None:
        if not shape.types:
            return
        value = meaning(node)
        given = _json_type(value)
        if given not in shape.types:
            if value is None:
                self._empty(place, path)
            else:
                self._wrong_type(place, shape, path, given, node)
        elif value is not None:
            self._limits(value, place, shape, path)

    def _empty(self, place: Node, path: Path) -> None:
        if isinstance(path[-1], int):
            self._add(Kind.EMPTY_ITEM, path, place, wording.empty_item(path))
        else:
            self._add(Kind.MISSING_KEY, path, place, wording.empty_value(path))

    def _limits(self, value: Value, place: Node, shape: Shape, path: Path) -> None:
        if shape.enum and value not in shape.enum:
            hidden = shape.secret or isinstance(place, Alias)
            self._add(Kind.UNKNOWN_VALUE, path, place, wording.unknown_value(path, value, shape, hidden=hidden))
        if isinstance(value, (int, float)):
            self._range(value, place, shape, path)
        if shape.pattern and isinstance(value, str) and not re.search(shape.pattern, value):
            self._add(Kind.WRONG_FORM, path, place, wording.wrong_form(path, shape.example))

    def _range(self, value: float, place: Node, shape: Shape, path: Path) -> None:
        least, most = shape.minimum, shape.maximum
        if (least is None or value >= least) and (most is None or value <= most):
            return
        words = wording.out_of_range(path, value, shape, hidden=isinstance(place, Alias))
        self._add(Kind.OUT_OF_RANGE, path, place, words)

    def _wrong_type(self, place: Node, shape: Shape, path: Path, given: str, scalar: Scalar | None) -> None:
        self._add(Kind.WRONG_TYPE, path, place, wording.wrong_type(path, given, shape, scalar))

    def _add(self, kind: Kind, path: Path, place: Node, words: wording.Words, expected: str = "") -> None:
        document = self._document
        end = place.end
        if isinstance(place, (Mapping, Sequence)):
            end = min(end, len(document.text[place.start : document.line_end(place.start)].rstrip()) + place.start)
        self._found.append(
            Violation(
                kind,
                path,
                place.start,
                end,
                document.line_of(place.start),
                document.column_of(place.start) + 1,
                *words,
                expected,
            )
        )


_GLUE = re.compile(r"\s*[:=\uff1a]|\s")


def _glued_key(name: str, shape: Shape) -> str:
    """The known key that the name begins with, its value stuck to it: `password:x`, `port=22`; "" where there is none."""
    glue = _GLUE.search(name)
    known = shape.keys.get(shape.fold(name[: glue.start()])) if glue is not None else None
    return known[0] if known is not None else ""


def _json_type(value: Value) -> str:
    """JSON's name of the value's type, a float that Go reads into an int being an integer (encoding/json, literalStore)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, int):
        return "integer" if value in _INT64 else "number"
    return "integer" if value.is_integer() and abs(value) < 1e18 else "number"


def _below(later: Shape | None, name: str) -> Shape | None:
    if later is None:
        return None
    known = later.keys.get(later.fold(name))
    return known[1] if known is not None else later.rest


class _Before:
    """The entries of a mapping that were read so far: `{password: a,b}` makes a key of the rest of a secret, b."""

    def __init__(self, mapping: Mapping, shape: Shape) -> None:
        self.flow = mapping.flow
        self._mapping = mapping
        self.last: Entry | None = None
        self._shape = shape
        self._unjudged: list[str] = []
        self._secret = False

    def append(self, entry: Entry) -> None:
        self.last = entry
        if self.flow:
            self._unjudged.append(self._shape.fold(name_of(entry)))

    def may_be_cut(self, entry: Entry) -> bool:
        """Whether the key may be the rest of a value: in flow style, or merged from somewhere that may be in it."""
        return self.flow or entry.start not in self._own_starts

    @cached_property
    def _own_starts(self) -> frozenset[int]:
        return frozenset(entry.start for entry in self._mapping.entries)

    def ends_in_secret(self) -> bool:
        """Whether the last key known to KubeKey, or almost, is one of a secret. Each key is judged once, if anybody asks."""
        for name in self._unjudged:
            known = self._shape.keys.get(name) or self._shape.keys.get(self._shape.fold(near_key(name, self._shape)))
            if known is not None:
                self._secret = known[1].secret
        self._unjudged.clear()
        return self._secret
