"""What is said of a violation, and what to do about it: of each kind a message and an advice."""

from __future__ import annotations

from kkplan.document.node import Scalar
from kkplan.document.scalar import Value
from kkplan.locale import T, Text, named
from kkplan.schema.near import places_of
from kkplan.schema.shape import Schema, Shape
from kkplan.schema.violation import Path, dotted
from kkplan.shown import HIDDEN

MAX_KEYS = 16  # as many are listed where a key is unknown

Words = tuple[Text, Text]

_QUOTES = T("A comma in an unquoted value of a {{…}} mapping makes a second key: put the value in quotes")

# In the order in which a type is named, where several are right.
_TYPES = {
    "string": T("a text"),
    "integer": T("a whole number"),
    "boolean": T("true or false"),
    "array": T("a list"),
    "object": T("a mapping"),
    "number": T("such a number"),
    "null": T("nothing"),
    "": T("something else"),
}


def key_is_no_text() -> Words:
    """A number, a list or nothing as a key."""
    return T("a key that is no text: kk stops with an error"), T("Write a text as the key")


def outdated_key(path: Path, instead: str) -> Words:
    """A key of an older KubeKey."""
    message = T("{place}: KubeKey reads this key no longer, and drops it without a word", place=dotted(path))
    return message, T("Use {keys}", keys=instead)


def glued_key(path: Path, key: str) -> Words:
    """`password:x`."""
    message = T("{place}: no blank behind the colon of {key}, so KubeKey reads no {key}", place=dotted(path), key=key)
    return message, T("Write a blank behind the colon: `{key}: …`", key=key)


def key_is_no_name(path: Path) -> Words:
    """What may hold a part of a secret."""
    message = T("a key in {place} that is no name; KubeKey drops it without a word", place=dotted(path))
    return message, T("Look at the quotes, commas and blanks in this line")


def cut_value(path: Path, key: str, rest: str) -> Words:
    """`{internalAddress: 10.0.0.1,fd00::1}`."""
    message = T(
        "{place}: the comma cuts the value of {key} short: {name} becomes a key of its own, which KubeKey drops without a word",
        place=dotted(path),
        key=key,
        name=rest,
    )
    return message, _QUOTES


def nameless_key(path: Path, *, after_secret: bool) -> Words:
    """A comma in a password without quotes makes a key of its rest: only what looks like a typo is named."""
    message = T("{place} has a key that KubeKey does not know and silently drops", place=dotted(path))
    return message, _QUOTES if after_secret else T("Look at the commas in this line")


def later_key(path: Path, version: str) -> Words:
    """A key that only a later version of the format has."""
    message = T(
        "v1alpha1 has no key {place}. KubeKey 2 and 3 read it all the same, KubeKey 1 does not", place=dotted(path)
    )
    return message, T("Write apiVersion: {version}", version=version)


def unknown_key(path: Path, key: str, guess: str, shape: Shape, schema: Schema) -> Words:
    """A key that no version has; `guess` is the one that was perhaps meant."""
    message = (
        T("in {place} KubeKey does not know the key {key}, and drops it without a word", key=key, place=dotted(path))
        if path
        else T("KubeKey does not know the key {key}, and drops it without a word", key=key)
    )
    return message, _unknown_advice(key, guess, shape, schema)


def _unknown_advice(key: str, guess: str, shape: Shape, schema: Schema) -> Text:
    if guess:
        return T("Did you mean {guess}?", guess=guess)
    elsewhere = places_of(key, schema.shape)
    if elsewhere:
        return T("It belongs in {places}. Mind the indentation", places=named(", ".join(elsewhere)))
    known = [name for name, inner in shape.keys.values() if not inner.outdated]
    if len(known) <= MAX_KEYS:
        return T("Known keys: {keys}", keys=", ".join(known))
    return T("`kkplan schema {name}` has all keys that KubeKey knows", name=schema.name)


def missing_key(path: Path, key: str) -> Words:
    """A key that has to be there."""
    message = T("{place} has no {key}", place=dotted(path), key=key) if path else T("the Cluster has no {key}", key=key)
    return message, T("Add {key}", key=key)


def empty_item(path: Path) -> Words:
    """A dash with nothing after it."""
    message = T("{place} is empty: KubeKey reads an empty text", place=dotted(path))
    return message, T("Delete the dash, or write the value behind it")


def empty_value(path: Path) -> Words:
    """A key with nothing after it where something has to be."""
    return T("{place} is empty", place=dotted(path)), T("Write its value")


def unknown_value(path: Path, value: Value, shape: Shape, *, hidden: bool) -> Words:
    """A value that is none of the known ones."""
    known = ", ".join(str(one) for one in shape.enum if one != "")
    message = (
        T("KubeKey does not know the value of {place}", place=dotted(path))
        if hidden
        else T("{place} is {value}, which KubeKey does not know", place=dotted(path), value=value)
    )
    return message, T("Write one of: {values}", values=known)


def wrong_form(path: Path, example: str) -> Words:
    """A text that KubeKey reads as nothing."""
    message = T("{place} has a form that KubeKey reads as nothing", place=dotted(path))
    return message, T("Write it like {example}", example=example)


def out_of_range(path: Path, value: float, shape: Shape, *, hidden: bool) -> Words:
    """A number that is too small or too large."""
    message = T("{place} is {value}: no such value works", place=dotted(path), value=HIDDEN if hidden else value)
    if shape.maximum is None:
        return message, T("Write a number of {least} or more", least=shape.minimum)
    return message, T("Write a number from {least} to {most}", least=shape.minimum, most=shape.maximum)


def wrong_type(path: Path, given: str, shape: Shape, scalar: Scalar | None) -> Words:
    """A value of a type that kk refuses; `given` is JSON's name of it."""
    wanted = next((name for name in _TYPES if name in shape.types), "")
    message = T(
        "kk wants {wanted} at {place}, not {given}, and stops with an error",
        place=dotted(path),
        wanted=_TYPES[wanted],
        given=_TYPES[given],
    )
    return message, _type_advice(wanted, scalar)


def _type_advice(wanted: str, scalar: Scalar | None) -> Text:
    if wanted == "string":
        return T("Put the value in quotes") if scalar is not None else T("Write one text, in quotes")
    if wanted == "integer":
        quoted = scalar is not None and scalar.style and scalar.value.isascii() and scalar.value.isdigit()
        return T("Write the number without quotes") if quoted else T("Write a whole number")
    if wanted == "boolean":
        return T("Write true or false, without quotes")
    if wanted == "array":
        return T("Write a list: a dash in front of each value")
    return T("Write keys with their values below it, indented")
