"""The READMEs and guides: links lead somewhere, commands can be typed, both languages have the same pages."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.conftest import ROOT
from tools.command_grammar import grammar

DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
GUIDES = tuple(sorted(DOCS.glob("zh/*.md")))
PAGES = (*READMES, ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md")), *GUIDES)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    """Where the page's links and pictures lead, but for those to other sites."""
    found = re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8")))
    return [unquote(link) for link in found if "://" not in link]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("language", [".", "zh"])
def test_the_index_names_every_page(language: str) -> None:
    index = DOCS / language / "README.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    assert set((DOCS / language).glob("*.md")) - {index} <= linked


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_a_guide_is_there_in_both_languages(guide: Path) -> None:
    english = DOCS / guide.name
    assert f"](zh/{guide.name})" in english.read_text(encoding="utf-8")
    assert f"](../{guide.name})" in guide.read_text(encoding="utf-8")
    assert len(anchors(english)) == len(anchors(guide))
    assert options_of(english) == options_of(guide)


@pytest.mark.parametrize("readme", READMES, ids=name_of)
def test_a_readme_is_short(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    assert "\nmake demo " in text
    assert "\nmake test " in text


@pytest.mark.parametrize("page", [*READMES, DOCS / "commands.md", DOCS / "zh" / "commands.md"], ids=name_of)
def test_the_table_has_every_command(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("\\|", "/")
    cells = re.findall(r"^\| (\[?`kkplan.*?)\|", text, flags=re.MULTILINE)
    assert {command.name for command in grammar().commands} == {
        name for cell in cells for name in re.findall(r"`kkplan \[?([a-z]+)", cell)
    }


def command_lines(page: Path) -> Iterator[list[str]]:
    """The words behind `kkplan` in the page's code."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ").replace("\\|", "|")
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", text)
    for line in lines:
        typed = re.search(
            r"(?:^|[ /(])kkplan(?:-[\d.]+-linux-x86_64)? (?P<words>[^|<>)]+)", re.sub(r"(^| )# .*", "", line)
        )
        if typed:
            words = shlex.split(typed["words"], comments=True)
            if words and re.fullmatch(r"[a-z-]+", words[0]):
                yield words


def options_of(page: Path) -> set[str]:
    """The options in the page's commands."""
    return {word.partition("=")[0] for words in command_lines(page) for word in words if word.startswith("--")}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_can_be_typed(page: Path) -> None:
    """Each command is one of kkplan's, each option one of that command's."""
    known = {
        command.name: {flag for option in command.options for flag in option.flags}
        for command in (grammar().top, *grammar().commands)
    }
    for words in command_lines(page):
        name = "" if words[0].startswith("-") else words[0]
        assert name in known, words
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert options <= known[name] | {"--lang"}, words


@pytest.mark.parametrize("page", [page for page in PAGES if page in GUIDES or "zh" in page.name], ids=name_of)
def test_bold_chinese_ends(page: Path) -> None:
    """Markdown does not end bold text at `：**` where a Chinese character follows."""
    assert not re.search(r"[：。，；！？）]\*\*\w", page.read_text(encoding="utf-8"))
