"""A schema compiled for the walk over a document's nodes: what each place may hold, keys found as their reader does.

Only the keywords that schemas/cluster.*.schema.json use are known; any other is a mistake in the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kkplan.document.node import Fold, Node

EXTENSION = "^x-"
_ANNOTATIONS = frozenset(("title", "description", "default", "examples", "deprecationMessage", "$comment"))


@dataclass(slots=True, eq=False)
class Shape:
    """What one place of a document may hold.

    Attributes:
        types: JSON's names of the types that are right; empty: any value is.
        fold: what the reader takes for the same key.
        keys: the keys of a mapping, folded → as the reader spells it, and its value's shape.
        rest: the shape of the values of all other keys; None where there are none to be.
        extensions: keys that start with `x-` are the user's own.
        open: nothing below is looked at.
        items: the shape of a list's items.
        required: keys that must be there, as spelled.
        enum: the values that KubeKey knows; empty: any.
        minimum: the least number; None: any.
        maximum: the greatest number; None: any.
        pattern: the regular expression that a text has to match somewhere; "": any.
        example: a right value, to show; "" for none.
        examples: texts that are right, the default among them.
        form: one of kkplan.shown.FORMS; a text of this form may be shown.
        secret: the value is never shown.
        exact: the reader finds this key only where it is spelled exactly so.
        outdated: what to use instead of this key in a later KubeKey; "" where it still is in use.
        comments: of a document's shape, the comments that may be shown in its file.
    """

    types: frozenset[str] = frozenset()
    fold: Fold = str
    keys: Mapping[str, tuple[str, Shape]] = field(default_factory=dict)
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
    """What a document is held against.

    Attributes:
        name: as `kkplan schema` takes it.
        later: the shape of a later version that KubeKey may read the document by; None where there is none.
        later_version: its apiVersion.
    """

    name: str
    shape: Shape
    later: Shape | None = None
    later_version: str = ""


# What the schema knows of a YAML document, by its top node; None for one of which nothing is known.
ShapeOf = Callable[[Node], Shape | None]


def no_shape(root: Node) -> Shape | None:
    """Nothing is known."""
    return None


def compiled(document: Mapping[str, Any], reference: str, fold: Fold = str) -> Shape:
    """The shape that the reference names in the schema.

    Args:
        fold: what the reader of the documents takes for the same key; without one, keys are spelled exactly so.

    Raises:
        ValueError: it uses a keyword that the walk does not know.
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
        shape = Shape(fold=self._fold)
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
