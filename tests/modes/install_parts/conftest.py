"""A shell that has sourced some parts of install.sh, with the files it works on in a temporary folder.

Nothing of the host is on its PATH but a few plain tools: every other program is a stand-in that a test writes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.modes.keepalived.install_script import values
from kkplan.modes.keepalived.pair_settings import PairSettings
from kkplan.modes.keepalived.template import ScriptTemplate, template
from tests.conftest import INSTALLATION

TOOLS = (
    *("awk", "cat", "chmod", "cp", "date", "dirname", "grep", "install", "ln", "ls", "mkdir", "mktemp", "mv"),
    *("readlink", "rm", "rmdir", "sed", "sha256sum", "stat", "touch", "tr"),
)
PAIR = PairSettings(
    vip=Vip("172.16.0.10", 24),
    port=6443,
    virtual_router_id=60,
    lb_hosts=(LbHost("lb1", "172.16.0.2", "eth0"), LbHost("lb2", "172.16.0.3", "eth0")),
    backends=(),
    domain="lb.kubesphere.local",
    installation=INSTALLATION,
)


class Ran(NamedTuple):
    """What a script came to: its exit status, and what it wrote."""

    status: int
    out: str
    err: str


class PartShell:
    """Runs scripts after the parts they are about.

    Attributes:
        root: the folder that stands for / in the paths of settings.sh.
    """

    def __init__(self, folder: Path, shell: str) -> None:
        self.root = folder
        self._shell = shell
        self._programs = folder / "bin"
        for name in ("bin", "tmp", "etc/haproxy", "etc/keepalived", "var/lib", "run"):
            (folder / name).mkdir(parents=True)
        for name in TOOLS:
            (self._programs / name).symlink_to(str(shutil.which(name)))
        (self._programs / "sleep").symlink_to(str(shutil.which("true")))

    def stand_in(self, *names: str, does: str = "") -> None:
        """Put programs on PATH that note how they are called, then do this."""
        for name in names:
            path = self._programs / name
            path.unlink(missing_ok=True)
            path.write_text(f'#!/bin/sh\necho "{name} $*" >>{self.root}/calls\n{does}\n', encoding="utf-8")
            path.chmod(0o755)

    def remove(self, *names: str) -> None:
        """Take programs off PATH."""
        for name in names:
            (self._programs / name).unlink()

    def run(self, parts: str, script: str, pair: PairSettings = PAIR) -> Ran:
        """Source settings, messages and these parts, and run the script after them."""
        settings = ScriptTemplate(template("install/settings.sh")).substitute(values(pair))
        moved = re.sub(r"(?m)^(\w+)=(?=/(?:etc|var|run)/)", rf"\1={self.root}", settings)
        (self.root / "settings.sh").write_text(moved, encoding="utf-8")
        lines = [f". {self.root}/settings.sh", f"PATH={self._programs}"]
        for part in ("messages", *parts.split()):
            (self.root / f"{part}.sh").write_text(template(f"install/{part}.sh"), encoding="utf-8")
            lines.append(f". {self.root}/{part}.sh")
        command = [*self._shell.split(), "-c", "\n".join((*lines, script)), f"{self.root}/install.sh"]
        environ = {"PATH": str(self._programs), "TMPDIR": f"{self.root}/tmp"}
        found = subprocess.run(
            command, cwd=self.root, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        return Ran(found.returncode, found.stdout, found.stderr)

    def says(self, parts: str, script: str, pair: PairSettings = PAIR) -> str:
        """The output of a script that succeeds and warns of nothing."""
        ran = self.run(parts, script, pair)
        assert (ran.status, ran.err) == (0, "")
        return ran.out

    def fails(self, parts: str, script: str, pair: PairSettings = PAIR) -> str:
        """The error of a script that install.sh's `fail` ends."""
        ran = self.run(parts, script, pair)
        assert ran.status == 1, ran
        assert "error: " in ran.err
        return ran.err

    def calls(self) -> list[str]:
        """How the stand-ins were called since the last time."""
        log = self.root / "calls"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    def write(self, path: str, text: str = "", mode: int = 0o644) -> Path:
        """Write a file below the root."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        target.chmod(mode)
        return target


@pytest.fixture(params=["sh", "bash --posix"])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> PartShell:
    name, *options = request.param.split()
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"not installed: {name}")
    return PartShell(tmp_path, " ".join((program, *options)))
