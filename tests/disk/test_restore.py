"""Backups put back in the place of a config: every byte of them, and never what someone else has laid there."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.conftest import ROOT, Kkplan
from tests.disk.conftest import HAPROXY, SAMPLE, as_root, backup_of, refused
from tests.disk.site import temporaries, tree
from tests.disk.test_together import held, start, wait_until_it_waits

OLD = SAMPLE.read_bytes()
NEWER = "config.yaml.bak-20990101T000000"  # than any that a test makes
FORMS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "both": lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"),
    "mixed line ends": lambda data: data.replace(b"\n", b"\r\n", 9),
    "no line end": lambda data: data.rstrip(b"\n"),
    "Chinese": lambda data: data + "# 说明\n".encode(),
}


class AtTheQuestion:
    """A person at a terminal whom kkplan asks whether to restore."""

    def __init__(self, config: Path) -> None:
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "kkplan", "restore", str(config)],
            cwd=str(ROOT),
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm"},
            timeout=30,
            encoding="utf-8",
        )
        self.child.expect(r"Restore config\.yaml\.bak-")

    def types(self, key: str) -> tuple[int | None, str]:
        """Press a key; how the program ends and what it says."""
        self.child.send(key)
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus, re.sub(r"\s+", " ", str(self.child.before))


@pytest.fixture
def applied(kkplan: Kkplan, config: Path) -> bytes:
    """The config as apply has written it; its backup is beside it."""
    assert kkplan("apply", "config.yaml", *HAPROXY, "--yes").returncode == 0
    return config.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_restore_brings_back_every_byte(form: str, kkplan: Kkplan, config: Path) -> None:
    old = FORMS[form](OLD)
    config.write_bytes(old)
    config.chmod(0o640)
    assert kkplan("apply", "config.yaml", *HAPROXY, "--yes").returncode == 0
    new = config.read_bytes()
    first = backup_of(config)
    done = kkplan("restore", "config.yaml", "--yes")
    assert done.returncode == 0, done.stderr
    assert (config.read_bytes(), stat.S_IMODE(config.stat().st_mode)) == (old, 0o640)
    (second,) = set(config.parent.glob("*.bak-*")) - {first}
    assert (first.read_bytes(), second.read_bytes(), stat.S_IMODE(second.stat().st_mode)) == (old, new, 0o600)
    assert str(second).encode() in done.stdout
    assert kkplan("restore", "config.yaml", "--yes").returncode == 0, "which takes the restore back"
    assert config.read_bytes() == new


def large(path: Path, other: Path) -> None:
    path.touch()
    os.truncate(path, 40 << 30)


def of_another_user(path: Path, other: Path) -> None:
    shutil.copy(other, path)
    os.chown(path, 4321, 4321)


FOREIGN: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "link": (lambda path, other: path.symlink_to(other), "this is a symbolic link"),
    "link to a backup": (lambda path, other: path.symlink_to(backup_of(path.with_name("config.yaml"))), "link"),
    "hard link": (lambda path, other: os.link(other, path), "other names (hard links: 1)"),
    "folder": (lambda path, other: path.mkdir(), "not a regular file"),
    "pipe": (lambda path, other: os.mkfifo(path), "not a regular file"),
    "of 40 GB": (large, "larger than the limit of 32 MiB"),
    "another user's": (of_another_user, "UID 4321"),
}


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=[as_root] * (kind == "another user's")) for kind in FOREIGN])
def test_what_only_looks_like_a_backup_is_not_restored(
    kind: str, kkplan: Kkplan, config: Path, applied: bytes, tmp_path: Path
) -> None:
    make, word = FOREIGN[kind]
    own = backup_of(config)
    (tmp_path / "other").write_text("kind: Cluster\nspec: {hosts: [{password: SEKRIT}]}\n")
    make(tmp_path / NEWER, tmp_path / "other")
    listed = kkplan("restore", "config.yaml", "--list")
    assert (listed.returncode, b"SEKRIT" in listed.stdout + listed.stderr) == (0, False)
    assert f"not used: {tmp_path / NEWER}: " in listed.stdout.decode()
    assert word in listed.stdout.decode()
    refused(kkplan("restore", "config.yaml", "--to", NEWER, "--yes"), NEWER, word)
    assert config.read_bytes() == applied
    assert kkplan("restore", "config.yaml", "--yes").returncode == 0
    assert config.read_bytes() == OLD, "the newest that kkplan wrote"
    for backup in (own, *tmp_path.glob("config.yaml.bak-202*")):
        backup.unlink(missing_ok=True)
    refused(kkplan("restore", "config.yaml", "--yes"), "nothing to restore", NEWER, word)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "name",
    [
        "config.yaml.bak", "config.yaml.bak-", "config.yaml.bak-20261340T250000", "config.yaml.bak-20991231T235959-1",
        "config.yaml.bak-20991231T235959-1000", "config.yaml.bak-20991231T235959.yaml", "xconfig.yaml.bak-20991231T235959",
        "config.yaml.bak-20991231T235959-2.bak-20991231T235959", "config.yaml~", "config_yaml.bak-20991231T235959",
        "config.yaml.bak-２０991231T235959", "config.yaml.bak-20991231T235959\n",
    ],
)  # fmt: skip
def test_another_name_is_no_backup(name: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_text("kind: Cluster\n")
    refused(kkplan("restore", "config.yaml", "--yes"), "nothing to restore: there is no backup")
    assert kkplan("apply", "config.yaml", *HAPROXY, "--yes").returncode == 0
    new = config.read_bytes()
    refused(kkplan("restore", "config.yaml", "--to", name, "--yes"), "no backup of config.yaml has this name")
    assert config.read_bytes() == new
    assert kkplan("restore", "config.yaml", "--yes").returncode == 0
    assert config.read_bytes() == OLD


@pytest.mark.parametrize("what", ["config", "config gone", "backup", "backup gone", "nothing"])
def test_changed_between_the_diff_and_the_yes(what: str, config: Path, applied: bytes, tmp_path: Path) -> None:
    backup = backup_of(config)
    person = AtTheQuestion(config)
    edits: dict[str, Callable[[], object]] = {
        "config": lambda: config.write_bytes(applied + b"# edited\n"),
        "config gone": config.unlink,
        "backup": lambda: backup.write_bytes(b"edited\n"),
        "backup gone": backup.unlink,
        "nothing": lambda: None,
    }
    edits[what]()
    before = tree(tmp_path)
    code, said = person.types("y\r")
    assert "Traceback" not in said
    if what.startswith("config"):
        assert (code, tree(tmp_path)) == (1, before), said
        assert (
            what == "config gone"
            or "another program has just changed this file; nothing was written. Run kkplan again" in said
        )
    else:
        assert (code, config.read_bytes()) == (0, OLD), "what was shown is what is written"
    assert temporaries(tmp_path) == []


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 130), ("\x1b", 1), ("n\r", 1), ("\r", 1)])
def test_no_yes_restores_nothing(key: str, code: int, config: Path, applied: bytes, tmp_path: Path) -> None:
    before = tree(tmp_path)
    ended, said = AtTheQuestion(config).types(key)
    assert (ended, tree(tmp_path)) == (code, before), said
    assert "othing was written" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_restore_that_waits(
    number: signal.Signals, config: Path, applied: bytes, tmp_path: Path
) -> None:
    before = tree(tmp_path)
    with held(tmp_path):
        program = start(str(config), "--yes", command="restore")
        assert program.stdout is not None
        while b"Backups" not in program.stdout.readline():  # said before it waits
            pass
        wait_until_it_waits(program, tmp_path)
        program.send_signal(number)
        _, errors = program.communicate(timeout=30)
    assert (program.returncode, b"nothing was written" in errors) == (128 + number, True), errors
    assert tree(tmp_path) == before


def test_a_restore_follows_the_config_s_link(kkplan: Kkplan, config: Path, applied: bytes, tmp_path: Path) -> None:
    """The backups are beside the real file, under its name."""
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "cluster.yaml"
    link.symlink_to("../config.yaml")
    done = kkplan("restore", "links/cluster.yaml", "--yes")
    assert done.returncode == 0, done.stderr
    assert (link.is_symlink(), config.read_bytes()) == (True, OLD)
    assert [path.name for path in link.parent.iterdir()] == ["cluster.yaml"]


def test_a_restore_removes_what_a_killed_one_left(kkplan: Kkplan, config: Path, applied: bytes, tmp_path: Path) -> None:
    (tmp_path / ".config.yaml.kkplan-0123abcd").write_text("half")
    assert kkplan("restore", "config.yaml", "--yes").returncode == 0
    assert (temporaries(tmp_path), config.read_bytes()) == ([], OLD)


BROKEN = {
    "no YAML": OLD.replace(b"spec:", b"spec: {", 1),
    "no UTF-8": OLD + b"# \xb9\xcc\n",
    "NUL bytes": OLD + b"\0",
    "UTF-16": b"\xff\xfe" + OLD.decode().encode("utf-16-le"),
    "empty": b"",
    "no Cluster": b"hello: SEKRIT\n",
    "no hosts": b"kind: Cluster\nspec: {}\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_config_is_restored_and_kept(kind: str, kkplan: Kkplan, config: Path, applied: bytes) -> None:
    """Which is when a backup is needed most; going forward to it again is possible too."""
    own = backup_of(config)
    config.write_bytes(BROKEN[kind])
    done = kkplan("restore", "config.yaml", "--yes")
    assert (done.returncode, config.read_bytes()) == (0, OLD), done.stderr
    assert "kk would not install with it" in done.stdout.decode()
    assert b"SEKRIT" not in done.stdout + done.stderr
    (kept,) = set(config.parent.glob("*.bak-*")) - {own}
    assert kept.read_bytes() == BROKEN[kind]
    assert kkplan("restore", "config.yaml", "--to", kept.name, "--yes").returncode == 0
    assert config.read_bytes() == BROKEN[kind]


def test_a_config_too_large_to_be_read_is_not_restored_over(kkplan: Kkplan, config: Path, applied: bytes) -> None:
    """Its backup would be cut off."""
    os.truncate(config, 40 << 30)
    refused(kkplan("restore", "config.yaml", "--yes"), "larger than 32 MiB")
    assert config.stat().st_size == 40 << 30


def test_a_restore_is_told_where_standard_output_fails(config: Path, applied: bytes) -> None:
    command = [sys.executable, "-m", "kkplan", "restore", str(config), "--yes", "--format", "json"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, config.read_bytes()) == (1, OLD)
    assert b"Restored: " in done.stderr
    assert b"cannot write to standard output" in done.stderr
