"""kkplan-VERSION.pyz: kkplan and what it needs in one file, which Python runs as it is; nothing is unpacked."""

from __future__ import annotations

import os
import subprocess
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tools.offline.pythons import pythons

HERE = Path(__file__).parent
SHEBANG = b"#!/usr/bin/env python3\n"
# Of a package's papers: what licences ask for, and what says which version it is.
PAPERS = ("METADATA", "LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "licenses")
_OLDEST = 315532800  # a ZIP file knows no time before 1980


def make_archive(wheels: list[Path], work: Path, target: Path, epoch: int) -> None:
    """Write the archive.

    Args:
        wheels: kkplan's own and those it needs, of pure Python.
        work: an empty folder.
        target: the file to write, mode 0755.
        epoch: the time of everything in it, seconds since 1970.
    """
    modules = work / "modules"
    for wheel in wheels:
        unpack(wheel, modules)
    members = {str(file.relative_to(modules)): file.read_bytes() for file in modules.rglob("*") if file.is_file()}
    members["__main__.py"] = (HERE / "start.py").read_bytes()
    compiled = {f"compiled/{version}": precompiled(program, modules, work) for version, program in pythons().items()}
    when = time.gmtime(max(epoch, _OLDEST))[:6]
    with target.open("wb") as file:
        file.write(SHEBANG)
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in sorted({**folders(members), **members, **compiled}.items()):
                member = zipfile.ZipInfo(name, when)
                member.external_attr = (0o40755 if name.endswith("/") else 0o100644) << 16
                member.create_system = 3
                member.compress_type = zipfile.ZIP_STORED if name in compiled else zipfile.ZIP_DEFLATED
                archive.writestr(member, data, compresslevel=9)
    target.chmod(0o755)


def folders(members: Iterable[str]) -> dict[str, bytes]:
    """The folders that the members lie in: zipimport finds a package without __init__.py by its folder."""
    return {f"{parent}/": b"" for name in members for parent in Path(name).parents if parent.name}


def unpack(wheel: Path, folder: Path) -> None:
    """Put a wheel's modules and papers into the folder; without tests and what only an installer reads."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if is_wanted(name):
                archive.extract(name, folder)


def is_wanted(name: str) -> bool:
    """Whether a wheel's member goes into the archive."""
    top, *rest = name.split("/")
    if top.endswith(".data") or name.endswith("/"):
        return False
    if top.endswith(".dist-info"):
        return rest[0].startswith(PAPERS)
    return not {"tests", "benchmarks"} & set(rest) and not name.endswith((".po", ".pyi", "py.typed"))


def precompiled(program: str, modules: Path, work: Path) -> bytes:
    """The modules as that Python compiles them."""
    target = work / "compiled"
    # The order of a set's constants depends on the hash seed.
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [program, "-s", "-S", str(HERE / "precompile.py"), str(modules), str(target)]
    subprocess.run(command, check=True, env=environment)
    return target.read_bytes()
