"""The program's main tests with other versions than those of `make test`.

`make pythons`: every other supported Python on this machine. `make ranges`: the oldest packages that pyproject.toml
allows, on the oldest Python here, which they were made for.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence

from tools.offline.pythons import ROOT, VERSIONS, python_of, pythons, requirements

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


def run_tests(name: str, program: str, constraints: Sequence[str] = ()) -> int:
    """Run the tests in that Python's environment of this name, made anew when pyproject.toml has changed; pytest's exit code."""
    venv = ROOT / name
    mark = venv / ".installed"
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text(encoding="ascii") != digest:
        subprocess.run([program, "-m", "venv", "--clear", str(venv)], check=True)
        file = venv / "constraints.txt"
        file.write_text("".join(f"{line}\n" for line in constraints), encoding="utf-8")
        pip = [str(venv / "bin" / "pip"), "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--constraint", str(file), "--editable", ".[test]"], cwd=ROOT, check=True)
        mark.write_text(digest, encoding="ascii")
    ignored = [f"--ignore={path}" for path in LEFT_OUT.read_text(encoding="ascii").split()]
    command = [str(venv / "bin" / "pytest"), "-n", os.environ.get("WORKERS", "auto"), "-m", "not thorough", *ignored]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "KKPLAN_TESTS": "start"}, check=False).returncode


def other_pythons() -> int:
    """Every supported Python but this one; returns the exit code of the first failure."""
    for version in VERSIONS:
        program = python_of(version)
        if program is None:
            sys.stderr.write(f"Python {version}: not on this machine\n")
        elif version != "{}.{}".format(*sys.version_info):
            sys.stderr.write(f"Python {version}:\n")
            if code := run_tests(f".venv-{version}", program):
                return code
    return 0


def oldest_packages() -> int:
    """The oldest packages on the oldest Python here."""
    version, program = next(iter(pythons().items()))
    sys.stderr.write(f"Python {version}, with {', '.join(lowest())}:\n")
    return run_tests(f".venv-lowest-{version}", program, lowest())


if __name__ == "__main__":
    sys.exit({"pythons": other_pythons, "ranges": oldest_packages}[sys.argv[1]]())
