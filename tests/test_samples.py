"""The samples are what the program makes of them today."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Kkplan
from tools.samples import BEFORE, SAMPLES, commands, make


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below the folder but what the sample begins with: its bytes, and whether it can be executed."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode & 0o111)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and str(path.relative_to(folder)) not in BEFORE
    }


def test_every_sample_has_its_command() -> None:
    assert sorted(commands()) == sorted(path.name for path in SAMPLES.iterdir() if path.is_dir())


@pytest.mark.parametrize("name", sorted(commands()))
def test_after_is_what_the_command_makes_of_before(name: str, tmp_path: Path) -> None:
    """After a change that is meant: `make samples`."""
    make(name, tmp_path)
    assert contents(tmp_path) == contents(SAMPLES / name)


def test_the_effective_endpoints_are_what_show_says(kkplan: Kkplan) -> None:
    text = (SAMPLES / "README.md").read_text(encoding="utf-8").partition("## Effective endpoints")[2]
    rows = dict(re.findall(r"^\| `(\S+)` \| (.*) \|$", text, re.MULTILINE))
    files = [path for name in (*BEFORE, "after.yaml") for path in SAMPLES.glob(f"*/{name}")]
    assert sorted(rows) == sorted(str(path.relative_to(SAMPLES)) for path in files if path.name != "inventory.yaml")
    for name, said in rows.items():
        shown = json.loads(kkplan("show", str(SAMPLES / name), "--format", "json").stdout)
        assert shown["endpoint"]["summary"] == said
