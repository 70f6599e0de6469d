"""Make samples/ anew: what `kkplan apply` does to each config, with the command that samples/README.md gives."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

# What a sample begins with: KubeKey 3's config, or KubeKey 4's two files.
BEFORE = ("config-sample.yaml", "config.yaml", "inventory.yaml")
SAMPLES = Path(__file__).parents[1] / "samples"
_ROW = re.compile(r"^\| `(?P<folder>[\w-]+)` \|.*\| `kkplan (?P<command>[^`]+)` \|$", re.MULTILINE)


def commands() -> dict[str, list[str]]:
    """The arguments for each sample's folder, as samples/README.md has them."""
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    return {row["folder"]: shlex.split(row["command"]) for row in _ROW.finditer(text)}


def make(name: str, folder: Path) -> None:
    """Put after.yaml, and kkplan-out where the mode has files, into the folder."""
    sources = [SAMPLES / name / file for file in BEFORE if (SAMPLES / name / file).exists()]
    with TemporaryDirectory() as work:
        for source in sources:
            shutil.copy(source, work)
        command = [sys.executable, "-m", "kkplan", "--lang", "en", *commands()[name], "--yes"]
        subprocess.run(command, cwd=work, check=True, capture_output=True)
        shutil.copyfile(Path(work, sources[0].name), folder / "after.yaml")
        bundle = Path(work, "kkplan-out")
        shutil.rmtree(folder / "kkplan-out", ignore_errors=True)
        if bundle.exists():
            shutil.copytree(bundle, folder / "kkplan-out")


if __name__ == "__main__":
    for sample in commands():
        make(sample, SAMPLES / sample)
