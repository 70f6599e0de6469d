"""The Pythons that kkplan supports, those on this machine, and what they may be asked to install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
VERSIONS = ("3.10", "3.11", "3.12", "3.13")


def python_of(version: str) -> str | None:
    """The program of that Python, on the PATH or of pyenv; None where this machine has none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which(f"python{version}"), *sorted(map(str, pyenv.glob(f"{version}.*/bin/python")))]
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    for candidate in candidates:
        if candidate is None:
            continue
        said = subprocess.run([candidate, "-c", ask], capture_output=True, text=True, check=False)
        if said.stdout.strip() == version:
            return candidate
    return None


def pythons() -> dict[str, str]:
    """The supported Pythons on this machine: the version, and the program."""
    found = {version: python_of(version) for version in VERSIONS}
    return {version: program for version, program in found.items() if program is not None}


def requirements() -> list[Requirement]:
    """What pyproject.toml asks for, with ranges and markers."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(text) for text in project["dependencies"]]
