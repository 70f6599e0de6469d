"""However a program with machines ends, nothing is left of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kkplan.lab.pair_lab import wait_until
from tests.conftest import ROOT
from tests.machines.root_fs import RootFs

PROGRAM = """
import sys
from pathlib import Path
from tests.machines.pair import new_pair
from tests.machines.root_fs import RootFs
with new_pair(RootFs(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))) as pair:
    for name in pair.lbs:
        pair.switch_on(name).wait_for_boot()
    print("booted", flush=True)
    sys.stdin.read()
"""


def leftovers(pid: int, temporary: Path) -> list[str]:
    """Processes, control groups, mounts and folders of a program with that number."""
    found = [str(path) for path in temporary.iterdir()]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            root = str((process / "root").readlink())
            words = (process / "cmdline").read_bytes()
            group = (process / "cgroup").read_text(encoding="utf-8")
        except OSError:
            continue  # it has ended
        if f"kkplan-machine-{pid}-" in group or str(temporary).encode() in words or "/run/machine" in root:
            found.append(f"{process.name} {words!r}")
    found += [line for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines() if "/run/machine" in line]
    for base in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
        found += [str(path) for path in Path(base).glob(f"kkplan-machine-{pid}-*")]
    return found


@pytest.mark.parametrize(
    "number", [pytest.param(signal.SIGKILL, marks=pytest.mark.short), signal.SIGTERM, signal.SIGINT]
)
def test_nothing_is_left_after_a_kill(release: RootFs, number: signal.Signals) -> None:
    with tempfile.TemporaryDirectory() as folder:
        temporary = Path(folder)
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *map(str, release)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": folder, "PYTHONPATH": str(ROOT)},
        ) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == b"booted\n"
            assert leftovers(program.pid, temporary)
            program.send_signal(number)
        assert wait_until(lambda: not leftovers(program.pid, temporary), 20), leftovers(program.pid, temporary)
