"""`make ranges`: the program's main tests with the oldest versions that pyproject.toml allows; `make test` has the newest."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tools.offline.pythons import ROOT, pythons, requirements

# Tests of what neither the versions of packages nor those of Python change: the LB programs, the file system.
LEFT_OUT = ROOT / "tools" / "left_out.txt"


def lowest() -> list[str]:
    """A constraint for each requirement: the lower end of its range."""
    found = []
    for requirement in requirements():
        (bound,) = (it.version for it in requirement.specifier if it.operator == ">=")
        marker = f"; {requirement.marker}" if requirement.marker else ""
        found.append(f"{requirement.name}=={bound}{marker}")
    return found


def installed(version: str, program: str) -> Path:
    """An environment of that Python with the lowest versions; made anew when pyproject.toml has changed."""
    venv = ROOT / f".venv-lowest-{version}"
    mark = venv / ".installed"
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text(encoding="ascii") != digest:
        subprocess.run([program, "-m", "venv", "--clear", str(venv)], check=True)
        constraints = venv / "lowest.txt"
        constraints.write_text("\n".join(lowest()) + "\n", encoding="utf-8")
        pip = [str(venv / "bin" / "pip"), "--disable-pip-version-check", "install", "--quiet"]
        command = [*pip, "--constraint", str(constraints), "--editable", ".[test]"]
        subprocess.run(command, cwd=ROOT, check=True)
        mark.write_text(digest, encoding="ascii")
    return venv


def main() -> int:
    """Run the tests with the oldest Python here, which the oldest versions were made for; returns pytest's exit code."""
    version, program = next(iter(pythons().items()))
    venv = installed(version, program)
    sys.stderr.write(f"Python {version}, with {', '.join(lowest())}:\n")
    ignored = [f"--ignore={name}" for name in LEFT_OUT.read_text(encoding="ascii").split()]
    return subprocess.run(
        [str(venv / "bin" / "pytest"), "-n", os.environ.get("WORKERS", "auto"), "-m", "not thorough", *ignored],
        cwd=ROOT,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
