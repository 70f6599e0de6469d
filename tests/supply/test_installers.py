"""pipx and uv install what `make offline` makes, as docs/offline.md has it, without network."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.supply.conftest import lonely, needs_root, try_everything

pytestmark = pytest.mark.thorough

COMMANDS = [
    line
    for line in (ROOT / "docs" / "offline.md").read_text(encoding="utf-8").splitlines()
    if line.startswith(("pipx install ", "uv tool install "))
]


@needs_root
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command).split()[0])
def test_it_installs_kkplan(command: str, handed_out: Path, tmp_path: Path) -> None:
    places = {
        **{"PIPX_HOME": "pipx", "PIPX_BIN_DIR": "bin", "UV_TOOL_DIR": "uv", "UV_TOOL_BIN_DIR": "bin"},
        **{"UV_CACHE_DIR": "cache", "HOME": "home"},
    }
    environ = {name: str(tmp_path / place) for name, place in places.items()}
    installers = Path(sys.executable).parent
    path = f"{installers}:{os.environ['PATH']}"
    (tmp_path / "home").mkdir()
    program, *arguments = shlex.split(command)
    subprocess.run(
        ["unshare", "-n", str(installers / program), *arguments],
        cwd=handed_out,
        env={**environ, "PATH": path, "UV_PYTHON": sys.executable, "PIPX_DEFAULT_PYTHON": sys.executable},
        check=True,
    )
    (tmp_path / "work").mkdir()
    try_everything(lonely(tmp_path / "work", [str(tmp_path / "bin" / "kkplan")]))


def test_there_is_a_command_for_each() -> None:
    assert [command.split()[0] for command in COMMANDS] == ["pipx", "uv"]
