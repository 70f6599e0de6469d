"""The Chinese catalogue is complete, compiled, and keeps every field."""

from __future__ import annotations

import re

import polib
import pytest

from tools.catalogue import PO, texts

FIELDS = re.compile(r"\{\w+\}|\$\{\w+\}|\$\w+|@@\w+")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(PO))


def test_every_text_is_translated_and_none_is_left_over(catalogue: polib.POFile) -> None:
    wanted = {text for text, _, _ in texts()}
    translated = {entry.msgid for entry in catalogue if entry.msgstr}
    assert wanted == translated


def test_translations_keep_the_fields(catalogue: polib.POFile) -> None:
    broken = [
        entry.msgid for entry in catalogue if set(FIELDS.findall(entry.msgid)) != set(FIELDS.findall(entry.msgstr))
    ]
    assert broken == []


def test_the_compiled_catalogue_is_that_of_the_source(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(PO.with_suffix(".mo")))
    assert {e.msgid: e.msgstr for e in compiled} == {e.msgid: e.msgstr for e in catalogue if e.msgstr}
