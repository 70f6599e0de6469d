"""Texts of kkplan read back from English, as its JSON reports have them, and shown in the language in use."""

from __future__ import annotations

from functools import lru_cache
from string import Formatter
from typing import NamedTuple

from kkplan import locale
from kkplan.locale import Text

_FEWEST_LETTERS = 6  # of a template's own: `{label}: {text}` would fit everything
_DEEPEST = 4  # texts in texts


class _Written(NamedTuple):
    """A value as a report has it: formatted already."""

    text: str

    def __format__(self, specification: str) -> str:
        return self.text


class _Pattern(NamedTuple):
    """A template as pieces: the text before the first field, and each field's name with the text after it."""

    template: str
    before: str
    fields: tuple[tuple[str, str], ...]
    letters: int

    def values(self, english: str) -> dict[str, str] | None:
        """The fields' values where the text is of this template. Each ends where the next piece begins: linear time."""
        last = self.fields[-1][1]
        if not english.startswith(self.before) or not english.endswith(last):
            return None
        values: dict[str, str] = {}
        position, end = len(self.before), len(english) - len(last)
        for name, after in self.fields[:-1]:
            found = english.find(after, position, end)
            if found < 0 or values.setdefault(name, english[position:found]) != english[position:found]:
                return None
            position = found + len(after)
        name, value = self.fields[-1][0], english[position:end]
        return values if position <= end and values.setdefault(name, value) == value else None


def in_language(english: str) -> str:
    """A text that kkplan wrote in English, in the language in use; itself where it is of no template of this version."""
    return english if locale.current_language() == "en" else str(_read(english, _DEEPEST))


def _read(english: str, depth: int) -> Text | str:
    """The text of the template that has the most letters of its own in common with it."""
    known = _templates(locale.current_language())
    if english in known.exact:
        return Text(english)
    for pattern in known.patterns:
        values = pattern.values(english)
        if values is not None:
            return Text(pattern.template, tuple((name, _value(value, depth - 1)) for name, value in values.items()))
    return english


def _value(english: str, depth: int) -> object:
    """A value, which may be a text too."""
    read = _read(english, depth) if depth else english
    return _Written(english) if isinstance(read, str) else read


class _Known(NamedTuple):
    exact: frozenset[str]
    patterns: tuple[_Pattern, ...]


@lru_cache(maxsize=2)
def _templates(language: str) -> _Known:
    """The catalogue's templates, those with most letters of their own first."""
    messages = locale.known_messages()
    patterns = [_pattern(message) for message in messages if "{" in message]
    telling = [one for one in patterns if one.fields and one.letters >= _FEWEST_LETTERS]
    return _Known(
        frozenset(message for message in messages if message and "{" not in message),
        tuple(sorted(telling, key=lambda one: -one.letters)),
    )


def _pattern(template: str) -> _Pattern:
    names: list[str] = []
    literals = [""]
    for literal, name, _, _ in Formatter().parse(template):
        literals[-1] += literal
        if name is not None:
            names.append(name)
            literals.append("")
    fields = tuple(zip(names, literals[1:], strict=True))
    return _Pattern(template, literals[0], fields, sum(map(str.isalpha, "".join(literals))))
