"""kkplan-VERSION.pyz under every Python of this machine, in a folder of its own, without network."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pexpect
import pytest

from tests.conftest import ROOT
from tests.supply.conftest import OFFLINE, PAIR, PYTHONS, lonely, needs_root, try_everything

pytestmark = pytest.mark.thorough

CTRL_C = "\x03"


def isolated(program: str, archive: Path) -> list[str]:
    """The archive without anything that is installed for the Python; a warning is an error."""
    return [program, "-S", "-W", "error", str(archive)]


@needs_root
@pytest.mark.parametrize("version", PYTHONS)
def test_the_single_file_does_everything(version: str, archive: Path, tmp_path: Path) -> None:
    machine = lonely(tmp_path, isolated(PYTHONS[version], archive))
    try_everything(machine)
    said = machine.kkplan("schema", "cluster.v1alpha2", "--modeline", code=1)
    assert said == ""


@needs_root
@pytest.mark.parametrize("version", PYTHONS)
def test_its_wizard_starts(version: str, archive: Path, tmp_path: Path) -> None:
    machine = lonely(tmp_path, isolated(PYTHONS[version], archive))
    child = pexpect.spawn(
        "unshare",
        ["-n", *machine.command, "wizard", "config-sample.yaml"],
        cwd=str(tmp_path),
        env=machine.environment,
        encoding="utf-8",
        dimensions=(50, 160),
        timeout=60,
    )
    child.expect_exact("Which HA mode?")
    child.send(CTRL_C)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130


@needs_root
@pytest.mark.parametrize("version", PYTHONS)
def test_it_rehearses_with_the_real_programs(version: str, archive: Path, tmp_path: Path) -> None:
    machine = lonely(tmp_path, isolated(PYTHONS[version], archive))
    machine.kkplan("apply", "config-sample.yaml", *PAIR, "--yes")
    said = machine.kkplan("rehearse", "kkplan-out", "--scenario", "haproxy-stopped", "--format", "json")
    assert [step["scenario"] for step in json.loads(said)["steps"]]


def test_it_holds_code_for_every_python_here(archive: Path) -> None:
    names = subprocess.run(
        [next(iter(PYTHONS.values())), "-m", "zipfile", "-l", str(archive)], capture_output=True, text=True, check=True
    ).stdout
    assert [version for version in PYTHONS if f"compiled/{version} " not in names] == []
    assert "yaml/_yaml" not in names


def test_an_old_python_gets_a_sentence(archive: Path) -> None:
    source = (ROOT / "tools" / "offline" / "start.py").read_text(encoding="utf-8")
    old = "import sys\nsys.version_info = (3, 6, 8)\n"
    ran = subprocess.run([PYTHONS["3.11"], "-c", old + source], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "Python 3.10 or newer; this is 3.6" in ran.stderr


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
