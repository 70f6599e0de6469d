"""Make one file of kkplan that any Linux runs: PYTHON freeze.py EPOCH WORK TARGET. Run by the Python that goes into it.

PyInstaller joins Python, kkplan and the packages; staticx adds the C library with its loader. WORK: an empty folder, where
`sources.txt` will list every file that something was taken of. That Python's environment has PyInstaller, staticx, kkplan and all
that kkplan needs.
"""

from __future__ import annotations

import ast
import logging
import shutil
import sys
import tarfile
from pathlib import Path
from typing import Any

import PyInstaller.__main__
from staticx.api import StaticxGenerator

START = Path(__file__).parent / "start.py"
# typer imports rich for looks that kkplan switches off. The others are parts of the standard library that nothing calls.
LEFT_OUT = (
    *("rich", "pygments", "markdown_it", "mdurl"),
    *("bz2", "lzma", "multiprocessing", "pydoc", "readline", "setuptools", "tkinter", "unittest", "xmlrpc"),
)


class Generator(StaticxGenerator):  # type: ignore[misc]
    """staticx, which keeps in mind whose files it takes, and gives all of them the same time and owner."""

    def __init__(self, program: Path, epoch: int) -> None:
        # What is in PyInstaller's file is compressed already; to do it twice costs 0.3 s a start and saves 2 MB.
        super().__init__(str(program), compress=False)
        self.taken: list[str] = []

        class Member(tarfile.TarInfo):
            def get_info(self) -> dict[str, Any]:
                return {**super().get_info(), "mtime": epoch, "uid": 0, "gid": 0, "uname": "", "gname": ""}

        self.sxar.tar.tarinfo = Member

    def add_library(self, libpath: str, exist_ok: bool = False) -> None:
        """Add a library, and note which."""
        self.taken.append(libpath)
        super().add_library(libpath, exist_ok)


def freeze(work: Path) -> Path:
    """PyInstaller's file, which still wants a C library."""
    options = ["--onefile", "--name=kkplan", "--log-level=WARN", "--collect-submodules=kkplan", "--collect-data=kkplan"]
    options += [f"--{name}path={work / name}" for name in ("spec", "work", "dist")]
    options += [f"--exclude-module={name}" for name in LEFT_OUT]
    # Beside START, it would find kkplan in the checkout.
    PyInstaller.__main__.run([*options, shutil.copy(START, work)])
    return work / "dist" / "kkplan"


def sources(work: Path) -> list[str]:
    """The files that PyInstaller took: its tables name what, from where, and which kind of thing it is."""
    folder = work / "work" / "kkplan"
    tables = [ast.literal_eval((folder / f"{name}-00.toc").read_text(encoding="utf-8")) for name in ("PKG", "PYZ")]
    rows = [row for table in tables for part in table if isinstance(part, list) for row in part]
    return [source for _, source, *_ in rows if source.startswith("/")]


def main(epoch: int, work: Path, target: Path) -> None:
    """Freeze, add the C library, list the sources."""
    program = freeze(work)
    logging.getLogger().setLevel(logging.WARNING)  # PyInstaller's option has set another one
    with Generator(program, epoch) as generator:
        generator.generate(output=str(target))
    target.chmod(0o755)
    taken = {*sources(work), *generator.taken}
    (work / "sources.txt").write_text("".join(f"{name}\n" for name in sorted(taken)), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
