"""kkplan's own wheel, and those it needs as pinned."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.offline.pins import PINS
from tools.offline.pythons import ROOT

# What hatchling takes where nothing is said: 2020-02-02.
FALLBACK_EPOCH = 1580601600


def source_date_epoch() -> int:
    """The time that all files get, in seconds since 1970: SOURCE_DATE_EPOCH, or that of the commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    said = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    return int(said.stdout) if said.returncode == 0 else FALLBACK_EPOCH


def build(kind: str, folder: Path) -> Path:
    """Build kkplan's `wheel` or `sdist` into the folder."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(source_date_epoch())}
    command = [sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    (built,) = folder.glob("kkplan-*.whl" if kind == "wheel" else "kkplan-*.tar.gz")
    built.chmod(0o644)
    return built


def download(pins: str, target: Sequence[str], folder: Path) -> None:
    """Put the wheels of a pins file into the folder; pip makes sure of their SHA-256."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    command += ["--require-hashes", "--only-binary", ":all:", "--dest", str(folder), *target]
    subprocess.run([*command, "--requirement", str(PINS / f"{pins}.txt")], check=True)
    for wheel in folder.glob("*.whl"):
        wheel.chmod(0o644)
