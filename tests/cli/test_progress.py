"""The line of progress: in a terminal only, and gone before anything else is written."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from kkplan.cli.progress import duration
from kkplan.render.style import ERASE_LINE
from tests.conftest import ROOT

SCRIPT = """
import sys
from kkplan.cli.progress import ProgressLine
ProgressLine.__init__.__defaults__ = (0.0,)
from kkplan.cli.main import run
sys.exit(run(sys.argv[1:]))
"""
LINE = re.compile(r"searching for configs: \d+ found|\(\d+/60\) files checked")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Many configs, so that a check of them takes a while."""
    for number in range(60):
        config = tmp_path / f"{number}.yaml"
        config.write_bytes((ROOT / "samples" / "keepalived" / "after.yaml").read_bytes())
    return tmp_path


def environ(**more: str) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "TERM": "xterm", **more}


@pytest.mark.parametrize("columns", [16, 80])
def test_a_check_counts_its_files(folder: Path, columns: int) -> None:
    words = ["-c", SCRIPT, "check", str(folder)]
    child = pexpect.spawn(sys.executable, words, env=environ(), encoding="utf-8", dimensions=(24, columns), timeout=60)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    first, *drawn = str(child.before).split(ERASE_LINE)
    assert first == ""
    *lines, report = drawn
    assert "Files checked: 60; errors: 0" in " ".join(re.sub(r"\x1b\[[\d;]*m", "", report).split())
    assert all(len(line) < columns for line in lines)
    if columns == 80:
        assert [line for line in lines if not LINE.fullmatch(line)] == []


@pytest.mark.parametrize("more", [{}, {"TERM": "dumb"}])
def test_a_pipe_gets_nothing(folder: Path, more: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, "check", str(folder)], env=environ(**more), capture_output=True, check=True
    )
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "5 s"), (5, "5 s"), (5.1, "10 s"), (58, "1 min 0 s"), (131, "2 min 15 s")]
)
def test_a_duration_is_rounded_up(seconds: float, words: str) -> None:
    assert str(duration(seconds)) == words
