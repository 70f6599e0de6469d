"""Texts that are read back from the English of a JSON report."""

from __future__ import annotations

from datetime import datetime
from string import Formatter

import pytest

from kkplan.locale import T, Text, named, use_language
from kkplan.locale.english import in_language
from tools.catalogue import texts

REPORTED = sorted(
    {text for text, source, _ in texts() if source.startswith(("kkplan/verification/", "kkplan/rehearsal/"))}
)


def filled(template: str) -> Text:
    """The template with a value of its kind in each field."""
    fields = {name: spec or "" for _, name, spec, _ in Formatter().parse(template) if name is not None}
    values = ((name, _value(spec, f"v{number}")) for number, (name, spec) in enumerate(fields.items()))
    return Text(template, tuple(values))


def _value(specification: str, name: str) -> object:
    if "%" in specification:
        return datetime(2026, 11, 27, 9, 30)
    return 1.5 if specification else named(name)


@pytest.mark.parametrize("template", REPORTED)
def test_what_a_report_says_is_shown_in_chinese(template: str) -> None:
    english = filled(template).english
    use_language("zh")
    assert in_language(english) == str(filled(template)) or _is_shared(template)


def _is_shared(template: str) -> bool:
    """`{label}: {text}` and the like have no words of their own; their values are what counts."""
    return sum(character.isalpha() for literal, *_ in Formatter().parse(template) for character in literal) < 6


def test_texts_in_texts() -> None:
    said = T("{said}. Containers need --privileged; root of a user namespace is not enough", said=T("interrupted"))
    english = said.english
    use_language("zh")
    assert in_language(english) == str(said)


def test_other_texts_stay_and_english_stays() -> None:
    use_language("zh")
    for text in ("", "{", "{}", "of no template: {x}", "x" * 100_000, "the port " * 10_000):
        assert in_language(text) == text
    use_language("en")
    assert in_language("interrupted") == "interrupted"
