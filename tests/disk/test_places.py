"""Configs and output folders of every kind: links, owners, modes, names, full and read-only disks."""

from __future__ import annotations

import os
import shutil
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kkplan.disk.backups import write_backup
from tests.conftest import ROOT, Kkplan
from tests.disk.conftest import CLOUD, HAPROXY, SAMPLE, as_root, backup_of, refused
from tests.disk.site import temporaries, tree

OLD = SAMPLE.read_bytes()
NEW_LINE = b"\n    internalLoadbalancer: haproxy"


@pytest.mark.parametrize("kind", ["relative", "absolute", "chain", "dots"])
def test_a_symlinked_config_is_written_where_it_is(kind: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    (links / "one").symlink_to(config if kind == "absolute" else "../config.yaml")
    (links / "two").symlink_to("./../links/one")
    name = {"chain": "links/two", "dots": "links/../links/two"}.get(kind, "links/one")
    done = kkplan("apply", name, *HAPROXY, "--yes")
    assert done.returncode == 0, done.stderr
    assert (links / "one").is_symlink()
    assert (links / "two").is_symlink()
    assert NEW_LINE in config.read_bytes()
    assert str(backup_of(config)).encode() in done.stdout
    assert len(list(links.iterdir())) == 2


@pytest.mark.parametrize(("target", "word"), [("nowhere", "no such file"), ("link.yaml", "symbolic links")])
def test_a_link_to_nothing_is_named(target: str, word: str, kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to(target)
    refused(kkplan("apply", "link.yaml", *HAPROXY, "--yes"), "link.yaml", word)


def test_hard_links_are_told_of(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    os.link(config, tmp_path / "other.yaml")
    done = kkplan("apply", "config.yaml", *HAPROXY, "--yes")
    assert (done.returncode, b"hard links: 1" in done.stderr) == (0, True), done.stderr
    assert (tmp_path / "other.yaml").read_bytes() == OLD
    assert NEW_LINE in config.read_bytes()


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o440, 0o4750])
def test_mode_and_owner_stay(mode: int, kkplan: Kkplan, config: Path) -> None:
    owner = (1234, 2345) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    os.chown(config, *owner)
    config.chmod(mode)
    done = kkplan("apply", "config.yaml", *HAPROXY, "--yes")
    assert done.returncode == 0, done.stderr
    status, backup = config.stat(), backup_of(config).stat()
    assert (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid) == (mode, *owner)
    assert (stat.S_IMODE(backup.st_mode), backup.st_uid, backup.st_gid) == (0o600, *owner)


def test_an_access_list_stays(kkplan: Kkplan, config: Path) -> None:
    entries = [
        (0x01, 6, 0xFFFFFFFF),
        (0x02, 4, 4321),
        (0x04, 0, 0xFFFFFFFF),
        (0x10, 4, 0xFFFFFFFF),
        (0x20, 0, 0xFFFFFFFF),
    ]
    access = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(config, "system.posix_acl_access", access)
    except OSError as error:
        pytest.skip(f"this disk has no access lists: {error}")
    assert kkplan("apply", "config.yaml", *HAPROXY, "--yes").returncode == 0
    assert os.getxattr(config, "system.posix_acl_access") == access
    assert stat.S_IMODE(config.stat().st_mode) == 0o640
    assert os.listxattr(backup_of(config)) == []


def test_config_and_output_on_two_disks(kkplan: Kkplan, config: Path) -> None:
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK) or memory.stat().st_dev == config.stat().st_dev:
        pytest.skip("there is no second disk: /dev/shm")
    with TemporaryDirectory(dir=memory) as folder:
        done = kkplan("apply", "config.yaml", *CLOUD, "--output-dir", f"{folder}/out", "--yes")
        assert done.returncode == 0, done.stderr
        assert (Path(folder) / "out" / "listener.json").exists()
    assert config.read_bytes() != OLD


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB, mounted in a folder of its own."""
    disk = tmp_path / "around" / "disk"
    disk.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk can be mounted by root only, and not in every container")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize(("full", "free"), [("config", 0), ("config", 1), ("output", 0), ("output", 3)])
def test_a_full_disk(full: str, free: int, kkplan: Kkplan, small_disk: Path, config: Path, tmp_path: Path) -> None:
    if full == "config":
        config = small_disk / "config.yaml"
        shutil.copy(SAMPLE, config)
    output = (small_disk if full == "output" else tmp_path) / "out"
    with (small_disk / "filler").open("wb", buffering=0) as filler:
        written = 0
        try:
            while True:
                written += filler.write(b"x" * 4096)
        except OSError:
            filler.truncate(written - 4096 * free)
    before = tree(small_disk)
    done = kkplan("apply", str(config), *CLOUD, "--output-dir", str(output), "--yes")
    refused(done, "No space left on device; nothing was changed. Free some space, then run it again", str(small_disk))
    assert (tree(small_disk), output.exists(), config.read_bytes()) == (before, False, OLD)
    (small_disk / "filler").unlink()
    assert kkplan("apply", str(config), *CLOUD, "--output-dir", str(output), "--yes").returncode == 0


@as_root
@pytest.mark.parametrize("what", ["config", "output"])
def test_a_read_only_disk(what: str, config: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    read_only = tmp_path if what == "config" else tmp_path / "out"
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99; shift; exec "$@"'
    command = ["unshare", "-m", "sh", "-c", script, "sh", str(read_only), sys.executable, "-m", "kkplan", "apply"]
    done = subprocess.run(
        [*command, str(config), *CLOUD, "--output-dir", str(tmp_path / "out" / "new"), "--yes"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
    )
    if done.returncode == 99:
        pytest.skip("no read-only mount is possible here")
    refused(done, "Read-only file system; nothing was changed")
    assert (config.read_bytes(), len(list(tmp_path.iterdir()))) == (OLD, 2)
    assert list((tmp_path / "out").iterdir()) == []


@as_root
@pytest.mark.parametrize("locked", ["config", "output", "neither"])
def test_someone_without_permission(locked: str, tmp_path: Path) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        config, output = folder / "config.yaml", folder / "outs" / "out"
        shutil.copy(SAMPLE, config)
        output.parent.mkdir()
        for path, is_open in ((folder, locked != "config"), (output.parent, locked != "output")):
            path.chmod(0o755)
            os.chown(path, *((65534, 65534) if is_open else (0, 0)))
        os.chown(config, 65534, 65534)
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-m", "kkplan"]
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        if subprocess.run(
            [*as_nobody, "--version"], cwd=ROOT, env=environment, capture_output=True, check=False
        ).returncode:
            pytest.skip("nobody cannot read this Python")
        arguments = ["apply", str(config), *CLOUD, "--output-dir", str(output), "--yes"]
        done = subprocess.run([*as_nobody, *arguments], cwd=ROOT, env=environment, capture_output=True, check=False)
        if locked == "neither":
            assert (done.returncode, output.exists()) == (0, True), done.stderr
            return
        refused(done, "Permission denied; nothing was changed. Run kkplan as the owner")
        assert (config.read_bytes(), output.exists(), temporaries(folder)) == (OLD, False, [])


@pytest.mark.parametrize("kind", ["fifo", "device", "folder"])
def test_a_config_that_is_no_file(kind: str, kkplan: Kkplan, tmp_path: Path) -> None:
    path = Path("/dev/zero") if kind == "device" else tmp_path / "c"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    refused(kkplan("apply", str(path), *HAPROXY, "--yes"), str(path), "folder" if kind == "folder" else "regular file")


@pytest.mark.parametrize(
    "name", ["a" * 234, "配置" * 39, "two\nlines.yaml", "配置 文件.yaml", " -x '\"$(reboot)`.yaml", "\x1b[2J.yaml"]
)
def test_names_of_every_kind(name: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    path = tmp_path / "a folder\nof 配置" / name
    path.parent.mkdir()
    config.rename(path)
    done = kkplan("apply", str(path), *CLOUD, "--yes")
    assert done.returncode == 0, done.stderr
    assert (backup_of(path).read_bytes(), path.read_bytes() != OLD) == (OLD, True)
    assert (path.parent / "kkplan-out" / "SHA256SUMS").exists()


def test_a_name_that_is_no_text(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    name = os.fsdecode(b"a\xff.yaml")
    config.rename(tmp_path / name)
    refused(kkplan("apply", name, *CLOUD, "--yes"), "is not UTF-8")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["a" * 236, "a" * 255, "配" * 85])
def test_a_name_too_long_for_a_backup(name: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    config.rename(tmp_path / name)
    refused(kkplan("apply", name, *CLOUD, "--yes"), "too long; nothing was changed. Give it a shorter name")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_backup_never_takes_a_name_in_use(tmp_path: Path) -> None:
    now = datetime(2026, 1, 2, 3, 4, 5)
    path = tmp_path / "c"
    path.write_text("now")
    (tmp_path / "c.bak-20260102T030405").write_text("theirs")
    (tmp_path / "c.bak-20260102T030405-2").symlink_to("nowhere")
    made = [write_backup(path, data, now).name for data in (b"one", b"two")]
    assert made == ["c.bak-20260102T030405-3", "c.bak-20260102T030405-4"]
    assert [(tmp_path / name).read_bytes() for name in made] == [b"one", b"two"]
    assert (tmp_path / "c.bak-20260102T030405").read_text() == "theirs"
    assert not (tmp_path / "nowhere").exists()
    assert temporaries(tmp_path) == []


@pytest.mark.parametrize("out", ["/dev/full", "closed pipe"])
def test_what_was_written_is_told_where_standard_output_fails(out: str, config: Path, tmp_path: Path) -> None:
    """The plan still gets out, what comes after the writing does not: in JSON nothing is said before."""
    if out == "closed pipe":
        reading, stdout = os.pipe()
        os.close(reading)
    else:
        stdout = os.open(out, os.O_WRONLY)
    done = subprocess.run(
        [sys.executable, "-m", "kkplan", "apply", str(config), *HAPROXY, "--yes", "--format", "json"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(stdout)
    assert done.returncode == (0 if out == "closed pipe" else 1)
    assert b"Written: " + bytes(config) in done.stderr
    assert bytes(backup_of(config)) in done.stderr
    assert b"bug in kkplan" not in done.stderr
    assert b"Traceback" not in done.stderr
    assert NEW_LINE in config.read_bytes()
