"""Write docs/rules: a page for each rule and a table of them, in English and Chinese, as `kkplan explain` says it. `make rules`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kkplan.locale import LANGUAGES, use_language
from kkplan.render.explanation.as_markdown import pages_markdown, table_markdown
from kkplan.render.format import OutputOptions
from kkplan.rules.catalogue import catalogue

FOLDER = Path(__file__).parents[1] / "docs" / "rules"

HEADS = {
    "en": "# The rules of kkplan check\n\n"
    "Paths are those of KubeKey v3.1.8 where no other source is named. This page is written by `make rules`.",
    "zh": "# kkplan check 的规则\n\n未注明其他来源的路径均指 KubeKey v3.1.8 的源码。本页由 `make rules` 生成。",
}


def pages(language: str) -> Iterator[tuple[str, str]]:
    """Name and text of each page in a language."""
    use_language(language)
    for rule in catalogue():
        yield f"{rule.id}.md", pages_markdown([rule], OutputOptions())
    yield "README.md", f"{HEADS[language]}\n\n{table_markdown(catalogue(), OutputOptions())}"


def folder_of(language: str) -> Path:
    """Where the pages of a language are."""
    return FOLDER if language == "en" else FOLDER / language


def main() -> None:
    """Write all pages, and remove those of rules that are gone."""
    for language in LANGUAGES:
        folder = folder_of(language)
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.md"):
            old.unlink()
        for name, text in pages(language):
            (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
