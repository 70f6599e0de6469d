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
    packages = sorted(set().union(*map(_packages_of, files)))
    said = subprocess.run(["dpkg-query", "-W", f"-f={FIELDS}", *packages], capture_output=True, text=True, check=True)  # noqa: S607
    return [_component(*line.split("\t")) for line in sorted(said.stdout.splitlines())]


def _packages_of(file: Path) -> set[str]:
    """The packages that have the file. /lib is a link to /usr/lib today, and a package may name either."""
    real = str(file.resolve())
    for name in (str(file), real, real.removeprefix("/usr")):
        said = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)  # noqa: S607
        if said.returncode == 0:
            return set(said.stdout.splitlines()[-1].rpartition(": ")[0].split(", "))
    raise SystemExit(f"make offline: no Debian package has {file}")


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
