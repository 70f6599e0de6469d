"""The folder of wheels: installed by pip without network under every Python of this machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.supply.conftest import PYTHONS, lonely, needs_root, try_everything

pytestmark = pytest.mark.thorough


def venv_with(python: str, folder: Path, *install: str) -> Path:
    """A fresh environment of that Python with what pip is asked for, without network; its kkplan."""
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "--disable-pip-version-check"]
    command = ["unshare", "-n", *pip, "install", "--quiet", "--no-index", *install]
    subprocess.run(command, check=True, cwd=folder)
    return folder / "bin" / "kkplan"


@needs_root
@pytest.mark.parametrize("version", PYTHONS)
def test_the_wheelhouse_is_enough(version: str, handed_out: Path, tmp_path: Path) -> None:
    program = venv_with(PYTHONS[version], tmp_path / "venv", "--find-links", str(handed_out / "wheelhouse"), "kkplan")
    (tmp_path / "work").mkdir()
    machine = lonely(tmp_path / "work", [str(program)])
    try_everything(machine)
    modeline = machine.kkplan("schema", "cluster.v1alpha2", "--modeline")
    assert Path(modeline.strip().split("=", 1)[1]).is_file()
    assert (tmp_path / "venv" / "share" / "man" / "man1" / "kkplan.1").is_file()
