"""kkplan-VERSION-linux-x86_64: in a root with no other file, without network; and on this machine with Python out of reach."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pexpect
import pytest

from kkplan import __version__
from tests.conftest import ROOT, SAMPLES
from tests.rehearsal.conftest import needs_lab
from tests.supply.conftest import MACHINE, OFFLINE, PAIR, LonelyMachine, lonely, needs_root, try_everything

pytestmark = [pytest.mark.thorough, pytest.mark.skipif(MACHINE != "x86_64", reason="made for x86_64 only")]

CTRL_C = "\x03"
QUESTION = "keepalived"  # one of the answers to the first question


@pytest.fixture
def empty_root(one_file: Path, tmp_path: Path) -> LonelyMachine:
    """A machine that has kkplan, a config, /proc and an empty /tmp: no C library, no shell, no Python."""
    for name in ("proc", "tmp", "work"):
        (tmp_path / name).mkdir()
    shutil.copy(one_file, tmp_path / "kkplan")
    inside = [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        f"--root={tmp_path}",
        "--wd=/work",
    ]
    return lonely(tmp_path / "work", [*inside, "/kkplan"])


def unpacked(machine: LonelyMachine) -> list[str]:
    """What is left of what it unpacked."""
    return [path.name for path in (machine.folder.parent / "tmp").iterdir()]


@needs_root
def test_it_does_everything_in_an_empty_root(empty_root: LonelyMachine) -> None:
    try_everything(empty_root)
    assert empty_root.kkplan("schema", "cluster.v1alpha2", "--modeline", code=1) == ""
    assert unpacked(empty_root) == []


@needs_root
@pytest.mark.parametrize("locale", ["C", "zh_CN.UTF-8", "zh_CN.GB18030"])
def test_it_speaks_chinese_whatever_the_locale(locale: str, empty_root: LonelyMachine) -> None:
    said = empty_root.kkplan("show", "config-sample.yaml", "--lang", "zh", LC_ALL=locale)
    assert "主机" in said


@needs_root
@pytest.mark.parametrize("end", [CTRL_C, signal.SIGTERM, signal.SIGHUP], ids=["ctrl-c", "SIGTERM", "SIGHUP"])
def test_the_wizard_asks_and_ends_with_nothing_left(end: str | int, one_file: Path, tmp_path: Path) -> None:
    machine = lonely(tmp_path, [str(one_file)])
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    child = pexpect.spawn(
        str(one_file),
        ["wizard", "config-sample.yaml"],
        cwd=str(tmp_path),
        env={**machine.environment, "TMPDIR": str(temporary)},
        encoding="utf-8",
        dimensions=(50, 160),
        timeout=120,
    )
    child.expect_exact(QUESTION)
    if isinstance(end, str):
        child.send(end)
    else:
        assert child.pid
        os.killpg(child.pid, end)  # as a terminal that is closed does
    child.expect(pexpect.EOF)
    child.close()
    status = {CTRL_C: (130, None), signal.SIGTERM: (143, None), signal.SIGHUP: (None, signal.SIGHUP)}
    assert (child.exitstatus, child.signalstatus) == status[end]
    deadline = time.monotonic() + 60
    while list(temporary.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)  # after SIGHUP, kkplan itself cleans up, and nobody waits for it
    assert list(temporary.iterdir()) == []


@needs_root
def test_the_wizard_starts_in_an_empty_root(empty_root: LonelyMachine) -> None:
    child = pexpect.spawn(
        "unshare",
        ["--net", *empty_root.command, "wizard", "config-sample.yaml"],
        cwd=str(empty_root.folder),
        env=empty_root.environment,
        encoding="utf-8",
        dimensions=(50, 160),
        timeout=120,
    )
    child.expect_exact(QUESTION)
    child.send(CTRL_C)
    child.expect(pexpect.EOF)
    child.close()


# HIDDEN: files and folders.
WITHOUT_PYTHON = """
set -eu
mount -t tmpfs tmpfs /mnt
for place in $HIDDEN; do
    if [ -d "$place" ]; then mount --bind /mnt "$place"; else mount --bind /dev/null "$place"; fi
done
! python3 -c pass 2>/dev/null
"""


def hidden() -> str:
    """This machine's Pythons and kkplan's sources."""
    libraries = [path for path in Path("/usr/lib").glob("python3*") if not path.is_symlink()]
    programs = [path for path in Path("/usr/bin").glob("python3*") if not path.is_symlink()]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    return " ".join(str(path) for path in (*libraries, *programs, pyenv, ROOT) if path.exists())


@needs_lab
@pytest.mark.parametrize(
    ("scenario", "environment"),
    [("haproxy-stopped", {}), ("many-connections", {}), ("haproxy-stopped", {"LD_LIBRARY_PATH": "/nowhere"})],
    ids=["haproxy-stopped", "many-connections", "own-library-path"],
)
def test_it_rehearses_without_python(
    scenario: str, environment: dict[str, str], one_file: Path, tmp_path: Path
) -> None:
    """What runs in the machines is kkplan's own, too; HAProxy gets none of the libraries that it brought along."""
    program = str(shutil.copy(one_file, tmp_path / "kkplan"))
    spy = 'until tr "\\0" "\\n" </proc/$(pgrep -o -x haproxy)/environ >haproxy.environ; do sleep 0.05; done'
    script = f'{WITHOUT_PYTHON}\n({spy}) 2>/dev/null & \nexec {program} "$@"'
    inside = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", script, "kkplan"]
    machine = lonely(tmp_path, [program])
    machine.kkplan("apply", "config-sample.yaml", *PAIR, "--yes")
    ran = subprocess.run(
        [*inside, "rehearse", "kkplan-out", "--scenario", scenario, "--format", "json"],
        cwd=tmp_path,
        env={**machine.environment, "HIDDEN": hidden(), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.stderr == ""
    steps = json.loads(ran.stdout)["steps"]
    assert [step["scenario"] for step in steps][-2:] == [scenario] * 2
    assert all(step["requests"] > step["failed"] for step in steps), "the client and the API servers run"
    if scenario == "many-connections":
        assert steps[-2]["note"].startswith("4000 connections were open at once")
    seen = (tmp_path / "haproxy.environ").read_text(encoding="utf-8")
    assert "PATH=" in seen
    assert "LD_LIBRARY_PATH" not in seen


@needs_lab
def test_a_folder_that_machines_do_not_see_is_refused(one_file: Path, tmp_path: Path) -> None:
    machine = lonely(tmp_path, [str(one_file)])
    machine.kkplan("apply", "config-sample.yaml", *PAIR, "--yes")
    inside = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs tmpfs /dev/shm && exec "$@"', "sh"]
    refused = LonelyMachine(tmp_path, (*inside, str(one_file)))
    said = refused.kkplan("rehearse", "kkplan-out", code=1, stream="stderr", TMPDIR="/dev/shm")
    assert "which a rehearsal replaces in its machines" in said
    assert "set TMPDIR to another folder" in said


@needs_root
def test_a_temporary_folder_without_exec_is_named(one_file: Path, tmp_path: Path) -> None:
    """By staticx, before anything of kkplan runs; docs/one-file.md says what to do."""
    temporary, elsewhere = tmp_path / "tmp", tmp_path / "elsewhere"
    temporary.mkdir()
    elsewhere.mkdir()
    script = 'mount -t tmpfs -o noexec tmpfs "$1"; shift; exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", script, "sh", str(temporary), str(one_file), "--version"]

    def run(folder: Path) -> tuple[int, str, str]:
        environment = {**os.environ, "TMPDIR": str(folder)}
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        return ran.returncode, ran.stdout, ran.stderr

    code, printed, said = run(temporary)
    assert (code, printed) == (3, "")
    assert re.fullmatch(rf"Failed to execv\(\) {temporary}/staticx-\w+/kkplan: Permission denied\n", said)
    assert run(elsewhere) == (0, f"kkplan {__version__}\n", "")


def test_it_takes_no_kkplan_from_elsewhere(one_file: Path, tmp_path: Path) -> None:
    """Not from the folder that it is called in, nor by the variables that Python reads."""
    (tmp_path / "kkplan").mkdir()
    (tmp_path / "kkplan" / "__init__.py").write_text("raise SystemExit('not this one')\n", encoding="utf-8")
    config = shutil.copy(SAMPLES / "keepalived" / "config-sample.yaml", tmp_path)
    ran = subprocess.run(
        [one_file, "show", config],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONHOME": str(tmp_path), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "master1" in ran.stdout


def test_built_twice_it_is_the_same_bytes(handed_out: Path, tmp_path: Path) -> None:
    """From another place, with another umask, time zone and hash seed."""
    copy = tmp_path / "elsewhere"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, tracked.decode().split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    epoch = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    command = f"umask 077; exec env TZ=Asia/Shanghai SOURCE_DATE_EPOCH={epoch} PYTHONHASHSEED=7 {' '.join(OFFLINE)} --to {tmp_path}/again"
    subprocess.run(["sh", "-c", command], cwd=copy, check=True)
    assert (tmp_path / "again" / "SHA256SUMS").read_bytes() == (handed_out / "SHA256SUMS").read_bytes()


def test_the_sums_are_those_of_the_files(handed_out: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=handed_out, check=True)
    listed = {line.split("  ")[1] for line in (handed_out / "SHA256SUMS").read_text().splitlines()}
    there = {str(file.relative_to(handed_out)) for file in handed_out.rglob("*") if file.is_file()}
    assert there - listed == {"SHA256SUMS"}
