"""Message and hint for each kind of violation."""

from __future__ import annotations

from kkplan.document.node import Scalar
from kkplan.document.scalar import Value
from kkplan.locale import T, Text, named
from kkplan.schema.near import places_of
from kkplan.schema.shape import Schema, Shape
from kkplan.schema.violation import Path, dotted
from kkplan.shown import HIDDEN

MAX_KEYS = 16  # known keys to list at most for an unknown key

Words = tuple[Text, Text]

_QUOTES = T("In a {{…}} mapping, a comma in an unquoted value starts a new key. Put the value in quotes")

# In order of preference, if several types are allowed.
_TYPES = {
    "string": T("a string"),
    "integer": T("a whole number"),
    "boolean": T("true or false"),
    "array": T("a list"),
    "object": T("a mapping"),
    "number": T("a number that is not a 64-bit integer"),
    "null": T("an empty value"),
    "": T("another type"),
}


def key_is_no_text() -> Words:
    """A number, a list or null as a key."""
    return T("a key that is not a string: kk stops with an error"), T("Use a string as the key")


def outdated_key(path: Path, instead: str) -> Words:
    """A key of an older KubeKey."""
    message = T("{place} is outdated: KubeKey no longer reads it and silently ignores it", place=dotted(path))
    return message, T("Use {keys} instead", keys=instead)


def glued_key(path: Path, key: str) -> Words:
    """A key joined to its value: `password:x`."""
    message = T(
        "{place}: no space after the colon of {key}, so KubeKey does not read it as the key {key}",
        place=dotted(path),
        key=key,
    )
    return message, T("Add a space after the colon: `{key}: …`", key=key)


def key_is_no_name(path: Path) -> Words:
    """A key that may contain a part of a secret, so the message does not show it."""
    message = T("a key in {place} is not a valid name: KubeKey silently ignores it", place=dotted(path))
    return message, T("Check the quotes, commas and spaces in this line")


def cut_value(path: Path, key: str, rest: str) -> Words:
    """A value cut by a comma: `{internalAddress: 10.0.0.1,fd00::1}`."""
    message = T(
        "{place}: the comma ends the value of {key}. {name} becomes a key of its own, which KubeKey silently ignores",
        place=dotted(path),
        key=key,
        name=rest,
    )
    return message, _QUOTES


def nameless_key(path: Path, *, after_secret: bool) -> Words:
    """An unknown key that may be the rest of an unquoted password after a comma, so the message does not show it."""
    message = T("unknown key in {place}: KubeKey silently ignores it", place=dotted(path))
    return message, _QUOTES if after_secret else T("Check the commas in this line")


def later_key(path: Path, version: str) -> Words:
    """A key that only a later version of the format has."""
    message = T("v1alpha1 has no key {place}. KubeKey 2 and 3 still read it, KubeKey 1 does not", place=dotted(path))
    return message, T("Write apiVersion: {version}", version=version)


def unknown_key(path: Path, key: str, guess: str, shape: Shape, schema: Schema) -> Words:
    """A key that no version has; `guess` is a similar known key."""
    message = (
        T("unknown key {key} in {place}: KubeKey silently ignores it", key=key, place=dotted(path))
        if path
        else T("unknown key {key}: KubeKey silently ignores it", key=key)
    )
    return message, _unknown_advice(key, guess, shape, schema)


def _unknown_advice(key: str, guess: str, shape: Shape, schema: Schema) -> Text:
    if guess:
        return T("Did you mean {guess}?", guess=guess)
    elsewhere = places_of(key, schema.shape)
    if elsewhere:
        return T("It belongs in {places}. Check the indentation", places=named(", ".join(elsewhere)))
    known = [name for name, inner in shape.keys.values() if not inner.outdated]
    if len(known) <= MAX_KEYS:
        return T("Known keys: {keys}", keys=", ".join(known))
    return T("List all known keys with `kkplan schema {name}`", name=schema.name)


def missing_key(path: Path, key: str) -> Words:
    """A missing required key."""
    message = T("{place} has no {key}", place=dotted(path), key=key) if path else T("the Cluster has no {key}", key=key)
    return message, T("Add {key}", key=key)


def empty_item(path: Path) -> Words:
    """A dash with nothing after it."""
    message = T("{place} is empty: KubeKey reads an empty string", place=dotted(path))
    return message, T("Write a value after the dash, or delete the dash")


def empty_value(path: Path) -> Words:
    """A key without a value where one is required."""
    return T("{place} is empty", place=dotted(path)), T("Add a value")


def unknown_value(path: Path, value: Value, shape: Shape, *, hidden: bool) -> Words:
    """A value that is not in the list of allowed ones."""
    known = ", ".join(str(one) for one in shape.enum if one != "")
    message = (
        T("unknown value of {place}", place=dotted(path))
        if hidden
        else T("unknown value of {place}: {value}", place=dotted(path), value=value)
    )
    return message, T("Use one of: {values}", values=known)


def wrong_form(path: Path, example: str) -> Words:
    """A string that KubeKey treats as empty."""
    message = T("KubeKey cannot read this form of {place} and treats it as empty", place=dotted(path))
    return message, T("Write it in this form: {example}", example=example)


def out_of_range(path: Path, value: float, shape: Shape, *, hidden: bool) -> Words:
    """A number that is too small or too large."""
    message = T("{place} is {value}, which is out of range", place=dotted(path), value=HIDDEN if hidden else value)
    if shape.maximum is None:
        return message, T("Write a number not less than {least}", least=shape.minimum)
    return message, T("Write a number from {least} to {most}", least=shape.minimum, most=shape.maximum)


def wrong_type(path: Path, given: str, shape: Shape, scalar: Scalar | None) -> Words:
    """A value of a type that kk rejects; `given` is JSON's name of the type."""
    wanted = next((name for name in _TYPES if name in shape.types), "")
    message = T(
        "wrong type of {place}: expected {wanted}, found {given}. kk stops with an error",
        place=dotted(path),
        wanted=_TYPES[wanted],
        given=_TYPES[given],
    )
    return message, _type_advice(wanted, scalar)


def _type_advice(wanted: str, scalar: Scalar | None) -> Text:
    if wanted == "string":
        return T("Put the value in quotes") if scalar is not None else T("Write one string, in quotes")
    if wanted == "integer":
        quoted = scalar is not None and scalar.style and scalar.value.isascii() and scalar.value.isdigit()
        return T("Write the number without quotes") if quoted else T("Write a whole number")
    if wanted == "boolean":
        return T("Write true or false, without quotes")
    if wanted == "array":
        return T("Write a list, with a dash before each value")
    return T("Write keys and values under it, indented")
