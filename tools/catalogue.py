"""Collect the texts that kkplan shows, and bring the Chinese catalogue up to date: `make catalogue`.

A text is the first argument of `T(…)`, or a paragraph of a Markdown template.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

from kkplan.locale import LOCALE_DIR, is_prose, paragraphs

ROOT = Path(__file__).parents[1]
PO = LOCALE_DIR / "zh_CN" / "LC_MESSAGES" / "kkplan.po"

# What typer shows by gettext (typer/core.py).
TYPER_TEXTS = (
    "required",
    "Missing command.",
)


def texts() -> Iterator[tuple[str, str, int]]:
    """Every text with the file and the line it comes from."""
    for source in (*sorted((ROOT / "kkplan").rglob("*.py")), ROOT / "tools" / "man_pages.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "T" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, str(source.relative_to(ROOT)), node.lineno
    for template in sorted((ROOT / "kkplan").rglob("templates/*.md")):
        for block in paragraphs(template.read_text(encoding="utf-8")):
            if is_prose(block):
                yield block, str(template.relative_to(ROOT)), 0
    for text in TYPER_TEXTS:
        yield text, "typer", 0


def update() -> int:
    """Write the catalogue and its compiled form; returns how many texts have no translation yet."""
    catalogue = polib.pofile(str(PO), wrapwidth=0) if PO.exists() else polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": "kkplan",
        "Language": "zh_CN",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    known = {entry.msgid: entry for entry in catalogue}
    fresh = polib.POFile(wrapwidth=0)
    fresh.metadata = catalogue.metadata
    for text, source, line in texts():
        existing = fresh.find(text)
        if existing is not None:
            continue
        translation = known[text].msgstr if text in known else ""
        fresh.append(polib.POEntry(msgid=text, msgstr=translation, occurrences=[(source, str(line or ""))]))
    fresh.save(str(PO))
    fresh.save_as_mofile(str(PO.with_suffix(".mo")))
    return len(fresh.untranslated_entries())


if __name__ == "__main__":
    missing = update()
    print(f"{missing} texts have no translation yet", file=sys.stderr)  # noqa: T201
    sys.exit(1 if missing else 0)
