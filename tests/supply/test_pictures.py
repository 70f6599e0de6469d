"""The pictures in docs/pictures: those of today's program, complete in themselves, and harmless in a mail or on a page."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pyte
import pytest

from tests.test_docs import PAGES
from tools.pictures.__main__ import LOCALES, PICTURES, SUBJECTS, drawn, rehearse
from tools.pictures.svg import CELL, MARGIN, picture
from tools.pictures.terminal import Screen

FILES = sorted(PICTURES.glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.thorough
@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("subject", [it for it in SUBJECTS if it is not rehearse], ids=lambda it: str(it.__name__))
def test_they_show_what_the_program_shows_today(subject: object, language: str) -> None:
    for name, text in drawn(subject, language):  # type: ignore[arg-type]
        assert (PICTURES / name).read_text(encoding="utf-8") == text, f"make pictures PICTURES={subject.__name__}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_one_needs_nothing_from_elsewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.find(f"{SVG}title") is not None
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg",
        "g",
        "title",
        "rect",
        "circle",
        "text",
        "path",
    }
    assert "href" not in text
    assert str(Path.home()) not in text or Path.home() == Path("/")
    assert not re.search(r"/tmp/|\.bak-", text)


def test_each_is_on_a_page_and_in_both_languages() -> None:
    shown = {
        link for page in PAGES for link in re.findall(r"pictures/([\w.-]+\.svg)\)", page.read_text(encoding="utf-8"))
    }
    assert shown == {file.name for file in FILES}
    assert {name.replace(".en.", ".zh.") for name in shown} <= shown


def texts(written: str) -> list[tuple[str, float, float]]:
    """The texts of a picture of what a program wrote: each with the column it begins at, and its width in cells."""
    screen = Screen(40, 5)
    pyte.Stream(screen).feed(written)
    found = ElementTree.fromstring(picture(screen, "test", "en")).iter(f"{SVG}text")
    cells = [(it.text or "", float(it.attrib["x"]), float(it.attrib["textLength"])) for it in found]
    return [(text, round((x - MARGIN) / CELL), round(width / CELL)) for text, x, width in cells]


def test_words_begin_in_their_columns() -> None:
    assert texts("  a  b c\r\n\x1b[31mred\x1b[0m") == [("a", 2, 1), ("b c", 5, 3), ("red", 0, 3)]


def test_a_chinese_character_takes_two_cells() -> None:
    assert texts("a 端点 b") == [("a", 0, 1), ("端点", 2, 4), ("b", 7, 1)]


def test_rows_that_stay_empty_are_not_drawn() -> None:
    screen = Screen(40, 400)
    pyte.Stream(screen).feed("one\r\ntwo")
    assert float(ElementTree.fromstring(picture(screen, "test", "en")).attrib["height"]) < 100


def test_a_program_is_told_where_the_cursor_is() -> None:
    """Without an answer the wizard's library complains about the terminal."""
    screen = Screen(40, 5)
    pyte.Stream(screen).feed("ab\x1b[6n")
    assert screen.answers == ["\x1b[1;3R"]
