"""What of a document KubeKey's schema knows and holds no secret: keys, values and comments that may be shown."""

from __future__ import annotations

import re

from kkplan.document.node import Entry, Mapping, Node, Scalar, resolve_alias
from kkplan.document.scalar import Value, meaning, plain_meaning
from kkplan.schema.near import near_key
from kkplan.schema.shape import Shape
from kkplan.shown import has_form, is_identifier

_RULER = re.compile(r"#[# \t=*-]*")
# kkplan's own, rules/ignore.py; the reason after it is anyone's.
_IGNORE = re.compile(r"#[ \t]*kkplan:[ \t]*ignore(?:-file)?[ \t]+KK[0-9]{3}(?:[ \t]*,[ \t]*KK[0-9]{3}){0,9}")


def shape_below(key: Scalar, shape: Shape | None) -> Shape | None:
    """What the schema knows of the key's value; `<<` brings keys to the mapping itself."""
    if shape is None or (key.value == "<<" and not key.style):
        return shape
    known = shape.keys.get(shape.fold(key.value))
    return known[1] if known is not None else shape.rest


def is_known_key(entry: Entry, mapping: Mapping, shape: Shape | None) -> bool:
    """Whether the key is KubeKey's own, or cannot be anything but a key: a typo, or one of a map in its form."""
    key = entry.key
    if not isinstance(key, Scalar) or shape is None:
        return False
    if shape.fold(key.value) in shape.keys or (key.value == "<<" and not key.style):
        return True
    value = resolve_alias(entry.value)
    # In flow style a comma in a password makes a key of its rest.
    if mapping.flow and (not isinstance(value, Mapping) if _holds_keys(shape.rest) else _is_empty(value)):
        return False
    if shape.rest is not None:
        return not shape.secret and bool(shape.rest.types) and has_form(key.value, "location")
    if not shape.keys or not is_identifier(key.value):
        return False
    return not mapping.flow or bool(near_key(key.value, shape))


def _holds_keys(shape: Shape | None) -> bool:
    return shape is not None and bool(shape.keys)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_empty


def is_known_value(scalar: Scalar, shape: Shape | None) -> bool:
    """Whether the value has the form that the schema gives for it."""
    if shape is None or shape.secret or scalar.style in ("|", ">"):
        return False
    return _fits(meaning(scalar), shape)


def _fits(value: Value, shape: Shape) -> bool:
    if value is None or value == "":
        return bool(shape.types)
    if isinstance(value, bool):
        return "boolean" in shape.types
    if isinstance(value, int):
        return "integer" in shape.types and value in range(-1, 10**10)
    if not isinstance(value, str):
        return False
    if "string" not in shape.types:
        read = plain_meaning(value)  # a number or a truth value in quotes
        return not isinstance(read, str) and read is not None and _fits(read, shape)
    return value in shape.enum or value in shape.examples or (bool(shape.form) and has_form(value, shape.form))


def is_known_comment(written: str, known: frozenset[str]) -> bool:
    """Whether the comment, from its `#`, is a ruler, one of the known ones, or one that ignores a rule."""
    said = written.lstrip("# \t").rstrip()
    return said in known or any(form.fullmatch(written.rstrip()) for form in (_RULER, _IGNORE))
