"""The handed-out files, built once for all workers, and machines without network to try them on."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES
from tools.offline.one_file import NAME
from tools.offline.pythons import pythons

PYTHONS = pythons()
MACHINE = os.uname().machine
OFFLINE = [sys.executable, "-m", "tools.offline", "--machine", MACHINE]

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="a machine without network is a namespace, which needs root")


@pytest.fixture(scope="session")
def handed_out(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder that `make offline` fills, for this kind of machine."""
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    folder = shared / "handed-out"
    with (shared / "handed-out.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "SHA256SUMS").exists():
            subprocess.run([*OFFLINE, "--to", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture
def one_file(handed_out: Path) -> Path:
    """The one-file kkplan."""
    return handed_out / NAME


@dataclass(frozen=True)
class LonelyMachine:
    """A folder with a config and nothing else, on a machine without network.

    Attributes:
        command: how kkplan is started there.
    """

    folder: Path
    command: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        """As bare as on a server; the home folder cannot be written to."""
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent", "TERM": "xterm"}

    def kkplan(self, *arguments: str, code: int = 0, stream: str = "stdout", **environ: str) -> str:
        """Run kkplan, make sure of its exit code, and return what it wrote to the stream."""
        ran = subprocess.run(
            ["unshare", "-n", *self.command, *arguments],
            cwd=self.folder,
            env={**self.environment, **environ},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == code, ran.stdout + ran.stderr
        written: str = getattr(ran, stream)
        return written


def lonely(folder: Path, command: Sequence[str]) -> LonelyMachine:
    """A machine in that folder."""
    (folder / "config-sample.yaml").write_bytes((SAMPLES / "keepalived" / "config-sample.yaml").read_bytes())
    return LonelyMachine(folder, tuple(command))


PAIR = [
    "--mode",
    "keepalived",
    "--address",
    "172.16.0.10/24",
    "--lb",
    "lb1=172.16.0.2,nic=eth0",
    "--lb",
    "lb2=172.16.0.3,nic=eth0",
]


def try_everything(machine: LonelyMachine) -> None:
    """What reads schemas, templates and catalogues: all of it has to be there."""
    assert "planned:" in machine.kkplan("plan", "config-sample.yaml", *PAIR)
    assert "计划 keepalived" in machine.kkplan("plan", "config-sample.yaml", *PAIR, "--lang", "zh")
    machine.kkplan("plan", "config-sample.yaml", *PAIR, "--out", "ha.plan")
    machine.kkplan("review", "ha.plan", "--out", "review.html", "--lang", "zh")
    assert "审批" in (machine.folder / "review.html").read_text(encoding="utf-8")
    machine.kkplan("apply", "ha.plan", "--yes")
    assert (machine.folder / "kkplan-out" / "SHA256SUMS").exists()
    assert machine.kkplan("apply", "config-sample.yaml", *PAIR, "--yes")
    (machine.folder / "answers.yaml").write_text("mode: cloud-lb\naddress: 172.16.0.100\n", encoding="utf-8")
    machine.kkplan("plan", "config-sample.yaml", "--answers", "answers.yaml", "--output-dir", "order", "--lang", "zh")
    assert "0" in machine.kkplan("check", "config-sample.yaml")
    assert '"$schema"' in machine.kkplan("schema", "cluster.v1alpha2")
    assert "KK103" in machine.kkplan("explain", "KK103")
    assert "master1" in machine.kkplan("show", "config-sample.yaml")
    assert "haproxy-stopped" in machine.kkplan("rehearse", "--scenario", "list")
    assert "complete" in machine.kkplan("completion", "bash")
    assert "计划" in machine.kkplan("completion", "fish", "--lang", "zh")
