"""A schema compiled for the walk over a document's nodes: what each place may contain, keys compared as the reader does.

Only the keywords used in schemas/cluster.*.schema.json are supported; any other is a mistake in the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from kkplan.document.node import Fold, Node

EXTENSION = "^x-"
_ANNOTATIONS = frozenset(("title", "description", "default", "examples", "deprecationMessage", "$comment"))


class Shape:
    """What one place of a document may contain.

    Attributes:
        types: JSON names of the allowed types; empty: any.
        fold: how the reader compares keys.
        keys: folded key of a mapping → its spelling in the reader's type, and the shape of its value.
        rest: shape of the values of all other keys; None if no other key is allowed.
        extensions: keys that start with `x-` are the user's own.
        open: nothing below is checked.
        items: shape of a list's items.
        required: keys that must exist, in this spelling.
        enum: allowed values; empty: any.
        minimum: smallest allowed number; None: any.
        maximum: largest allowed number; None: any.
        pattern: regular expression that a string must match somewhere; "": any.
        example: a valid value, to show; "" for none.
        examples: valid strings, including the default.
        form: one of kkplan.shown.FORMS; a string of this form may be shown.
        secret: whether the value is a secret, which is never shown.
        exact: whether the reader finds this key only in this exact spelling.
        outdated: what replaces this key in later KubeKey versions; "" if it is still in use.
        comments: for the shape of a document: comments that may be shown.
    """

    types: frozenset[str] = frozenset()
    fold: Fold = str
    keys: Mapping[str, tuple[str, Shape]] = MappingProxyType({})
    rest: Shape | None = None
    extensions: bool = False
    open: bool = False
    items: Shape | None = None
    required: tuple[str, ...] = ()
    enum: tuple[object, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    pattern: str = ""
    example: str = ""
    examples: tuple[str, ...] = ()
    form: str = ""
    secret: bool = False
    exact: bool = False
    outdated: str = ""
    comments: frozenset[str] = frozenset()


class Schema(NamedTuple):
    """The schema to check a document with.

    Attributes:
        name: as an argument of `kkplan schema`.
        later: shape of a later version that KubeKey may read the document as; None if there is none.
        later_version: apiVersion of that version.
    """

    name: str
    shape: Shape
    later: Shape | None = None
    later_version: str = ""


# From the top node of a YAML document to its shape; None for a document without a schema.
ShapeOf = Callable[[Node], Shape | None]


def no_shape(root: Node) -> Shape | None:
    """For a document without a schema."""
    return None


def compiled(document: Mapping[str, Any], reference: str, fold: Fold = str) -> Shape:
    """The shape that a reference in the schema points to.

    Args:
        fold: what the reader of the documents takes for the same key; without one, keys are spelled exactly so.

    Raises:
        ValueError: it uses a keyword that the walk does not support.
    """
    return _Compiler(document, fold).named(reference)


class _Compiler:
    def __init__(self, document: Mapping[str, Any], fold: Fold) -> None:
        self._fold = fold
        self._definitions: Mapping[str, Any] = document["definitions"]
        self._done: dict[str, Shape] = {}

    def named(self, reference: str) -> Shape:
        name = reference.removeprefix("#/definitions/")
        if name not in self._done:
            self._done[name] = self.shape(self._definitions[name])
        return self._done[name]

    def shape(self, node: Mapping[str, Any]) -> Shape:
        if "$ref" in node:
            return self.named(node["$ref"])
        shape = Shape()
        shape.fold = self._fold
        for keyword, value in node.items():
            if keyword not in _ANNOTATIONS:
                self._take(shape, keyword, value)
        if shape.keys and "additionalProperties" not in node:
            raise ValueError("properties without additionalProperties")
        examples = node.get("examples", ())
        shape.example = str(next(iter(examples), ""))
        shape.examples = tuple(one for one in (*examples, node.get("default")) if isinstance(one, str))
        shape.open = "object" in shape.types and not shape.keys and shape.rest is None
        return shape

    def _take(self, shape: Shape, keyword: str, value: Any) -> None:
        if keyword == "type":
            shape.types = frozenset([value] if isinstance(value, str) else value)
        elif keyword == "properties":
            shape.keys = {self._fold(name): (name, self.shape(node)) for name, node in value.items()}
        elif keyword == "additionalProperties":
            shape.rest = self._rest(value)
        elif keyword == "patternProperties":
            shape.extensions = EXTENSION in value
        elif keyword == "items":
            shape.items = self.shape(value)
        elif keyword in _PLAIN:
            setattr(
                shape,
                _PLAIN[keyword],
                tuple(one for one in value if one is not None) if isinstance(value, list) else value,
            )
        else:
            raise ValueError(keyword)

    def _rest(self, value: Any) -> Shape | None:
        if isinstance(value, bool):
            return Shape() if value else None
        return self.shape(value)


_PLAIN = {
    "required": "required",
    "enum": "enum",
    "minimum": "minimum",
    "maximum": "maximum",
    "pattern": "pattern",
    "writeOnly": "secret",
    "x-shown": "form",
    "x-exactCase": "exact",
    "x-replacedBy": "outdated",
}
