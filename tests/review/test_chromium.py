"""The page in a real Chromium: silent, without a request, with its headings; on wide and narrow screens and on paper."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.review.chromium import PROGRAM, Page
from tests.review.conftest import Review
from tests.review.test_page import EN, ZH

pytestmark = [pytest.mark.thorough, pytest.mark.skipif(PROGRAM is None, reason="needs chromium")]

SAID = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
A4 = (595, 842)  # points


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with Page() as opened:
        yield opened


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def file(page: Review, language: str, tmp_path: Path) -> Path:
    page("--lang", language)
    return tmp_path / "review.html"


def nodes(browser: Page, role: str) -> list[dict[str, Any]]:
    """The nodes of that role in the accessibility tree, as a screen reader gets them."""
    found = browser.ask("Accessibility.getFullAXTree")["nodes"]
    return [node for node in found if node.get("role", {}).get("value") == role and not node["ignored"]]


def names(browser: Page, role: str) -> list[str]:
    return [str(node.get("name", {}).get("value", "")) for node in nodes(browser, role)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_it_is_silent_and_asks_for_itself_only(script: bool, file: Path, browser: Page) -> None:
    browser.load(file, script=script)
    assert browser.seen(*SAID) == []
    asked = [event["params"]["request"]["url"] for event in browser.seen("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith("data:")] == [file.resolve().as_uri()]


def test_a_screen_reader_gets_headings_drawings_and_tables(file: Path, language: str, browser: Page) -> None:
    browser.load(file)
    headings = names(browser, "heading")
    sections = {"en": EN, "zh": ZH}[language]
    assert [heading for heading in headings if heading in sections] == sections
    levels = [
        next(one["value"]["value"] for one in node["properties"] if one["name"] == "level")
        for node in nodes(browser, "heading")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), "no level is left out"
    assert {"en": "Request path, today", "zh": "请求路径（当前）"}[language] in names(browser, "image")
    assert "" not in names(browser, "image")
    assert "" not in names(browser, "columnheader")
    assert names(browser, "region") == [sections[8]]
    assert "" not in names(browser, "button")


def test_with_the_script_files_are_closed_and_without_it_open(file: Path, browser: Page) -> None:
    state = "[...document.querySelectorAll('details')].map(one => one.open)"
    browser.load(file)
    assert set(browser.value(state)) == {False}
    assert browser.value("[...document.querySelectorAll('button')].every(one => !one.hidden)")
    text = browser.value(
        "document.querySelector('.copy button').click(); document.querySelector('.copy button').textContent"
    )
    assert text in ("Copied", "已复制", "Copy", "复制"), (
        "copying may be refused without a user's gesture; it must not fail"
    )
    browser.load(file, script=False)
    tree = {node.get("name", {}).get("value", "") for node in browser.ask("Accessibility.getFullAXTree")["nodes"]}
    assert any("frontend " in str(name) for name in tree), "haproxy.cfg can be read"
    assert names(browser, "button") == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_hangs_out_and_all_can_be_read(
    width: int, dark: bool, file: Path, browser: Page, tmp_path: Path
) -> None:
    browser.load(file, width, dark=dark)
    assert browser.value("document.documentElement.scrollWidth") <= width
    overlapping = browser.value(_OVERLAPS)
    assert overlapping == [], "texts of a drawing that stand out of their box"
    assert browser.value(_LOW_CONTRAST) == [], "WCAG 2, 1.4.3: 4.5 to 1"
    browser.screenshot(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 50_000


# Each text of a drawing lies inside of the box that it was written for.
_OVERLAPS = """
[...document.querySelectorAll('svg.topology')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll('rect')].map(rect => rect.getBoundingClientRect());
  return [...svg.querySelectorAll('text')].filter(text => {
    const own = text.getBoundingClientRect();
    return !boxes.some(box => box.left <= own.left && own.right <= box.right && box.top <= own.top + 2 && own.bottom <= box.bottom + 2);
  }).map(text => text.textContent);
})
"""

_LOW_CONTRAST = """
(() => {
  const parse = colour => (colour.match(/[0-9.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = one => {
    for (let at = one; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const bad = new Set();
  for (const one of document.querySelectorAll('main *')) {
    if (one.closest('svg') || ![...one.childNodes].some(child => child.nodeType === 3 && child.data.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(one).color)), light(ground(one))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) bad.add(one.tagName + '.' + one.className);
  }
  return [...bad];
})()
"""


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_on_paper_it_is_a4_and_holds_every_file(script: bool, file: Path, browser: Page, tmp_path: Path) -> None:
    browser.load(file, script=script)
    pdf = tmp_path / "review.pdf"
    pdf.write_bytes(browser.pdf())
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    size = re.search(r"Page size:\s+([0-9.]+) x ([0-9.]+)", info)
    assert size is not None
    assert (int(float(size[1])), int(float(size[2]))) in (A4, (594, 841))
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    for words in ("option redispatch", "vrrp_instance", "SHA256SUMS", "172.16.0.10"):
        assert words in text, words
    first = text.split("\f")[0]
    assert "master3" in first, "both drawings are on the first page"
    subprocess.run(["pdftoppm", "-r", "80", "-l", "3", "-png", pdf, tmp_path / "print"], check=True)
    assert len(list(tmp_path.glob("print-*.png"))) == 3
