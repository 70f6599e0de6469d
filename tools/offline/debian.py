"""Debian's packages as components of a bill of materials: those that files of this system come from."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

FIELDS = "${Package}\t${Version}\t${Architecture}\n"


def debian_components(files: Iterable[Path]) -> list[dict[str, Any]]:
    """The packages that the files come from, each with its licences' texts.

    Raises:
        SystemExit: a file comes from no package.
    """
    said = subprocess.run(
        ["dpkg-query", "-W", f"-f={FIELDS}", *sorted(_packages_of(list(files)))],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    return [_component(*line.split("\t")) for line in sorted(said.stdout.splitlines())]


def _packages_of(files: list[Path]) -> set[str]:
    """The packages that have the files."""
    forms = {file: _forms(file) for file in files}
    command = ["dpkg-query", "-S", *sorted(set().union(*forms.values()))]
    # It fails for each form that no package has.
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in said.stdout.splitlines() if not line.startswith("diversion by ")]
    found = {name: packages for packages, _, name in (line.rpartition(": ") for line in lines)}
    for file, names in forms.items():
        if not names & found.keys():
            raise SystemExit(f"make offline: no Debian package has {file}")
    return {package for packages in found.values() for package in packages.split(", ")}


def _forms(file: Path) -> set[str]:
    """The names that a package may have the file by: /lib is a link to /usr/lib today, and packages name either."""
    real = str(file.resolve())
    return {str(file), real, real.removeprefix("/usr")}


def _component(name: str, version: str, architecture: str) -> dict[str, Any]:
    system = platform.freedesktop_os_release()
    copyright_file = Path("/usr/share/doc") / name / "copyright"
    return {
        "type": "library",
        "bom-ref": f"{name}_{version}_{architecture}",
        "name": name,
        "version": version,
        "purl": f"pkg:deb/{system['ID']}/{name}@{quote(version)}?arch={architecture}&distro={system['ID']}-{system['VERSION_ID']}",
        "licenses": [{"license": {"name": str(copyright_file)}}],
        "evidence": licence_texts({str(copyright_file): copyright_file.read_text(encoding="utf-8")}),
    }


def licence_texts(texts: dict[str, str]) -> dict[str, Any]:
    """A component's evidence: the texts of its licences by the names of their files."""
    return {"licenses": [{"license": {"name": name, "text": {"content": text}}} for name, text in texts.items()]}
