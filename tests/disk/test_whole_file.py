"""Small files of kkplan's own: where they cannot be written, the error says what to do."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Kkplan

PLAN = ["--mode", "internal-haproxy"]


@pytest.mark.parametrize(("folder", "word"), [("none", "none"), ("a folder/two", "'a folder/two'"), ("-x", "./-x")])
def test_the_folder_does_not_exist(kkplan: Kkplan, config: Path, folder: str, word: str) -> None:
    """Also of the review page, which is written the same way; the command in the error works."""
    assert kkplan("plan", config.name, *PLAN, "--out", "ha.plan").returncode == 0
    for command in (["plan", config.name, *PLAN], ["review", "ha.plan"]):
        refused = kkplan(*command, f"--out={folder}/x")
        expected = f"{folder}/x: its folder does not exist. Create the folder, then run this again: mkdir -p {word}\n"
        assert (refused.returncode, expected in refused.stderr.decode()) == (1, True), refused.stderr
    assert subprocess.run(f"mkdir -p {word}", shell=True, cwd=config.parent, check=False).returncode == 0
    assert kkplan("plan", config.name, *PLAN, f"--out={folder}/x").returncode == 0


def test_the_wizard_refuses_before_it_asks(config: Path) -> None:
    """The answers are written last: too late for an error."""
    leader, follower = pty.openpty()
    words = [sys.executable, "-m", "kkplan", "wizard", config.name, "--save-answers", "none/answers.yaml"]
    ran = subprocess.run(
        words,
        stdin=follower,
        stdout=follower,
        stderr=subprocess.PIPE,
        cwd=config.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "TERM": "xterm"},
        timeout=30,
        check=False,
    )
    os.close(follower)
    os.close(leader)
    assert (ran.returncode, b"mkdir -p none" in ran.stderr) == (1, True), ran.stderr
