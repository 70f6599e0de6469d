"""The man pages in docs/man: those that `make man` would write now, and without a warning from man(1)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tools.man_pages import MAN, orphans, pages

PAGES = sorted(MAN.rglob("*.1"))


def test_the_pages_are_up_to_date() -> None:
    made = pages()
    old = [str(path) for path, text in made.items() if (MAN / path).read_text(encoding="utf-8") != text]
    assert (old, list(orphans(made))) == ([], []), "run: make man"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(MAN)))
def test_man_shows_it_without_warning(page: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
    ran = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", str(page)],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert ran.stderr == ""
    assert "kkplan" in ran.stdout
