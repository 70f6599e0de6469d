"""Whose the output folder has to be: links, mounts, owners, modes, and folders with a life of their own."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from kkplan.disk import DiskError
from kkplan.disk.bundle_folder import SUMS, SUMS_MARK
from kkplan.disk.config_file import ConfigFile
from kkplan.modes.mode import mode_named
from kkplan.modes.question import Answers
from kkplan.plan.artifact import MARK
from kkplan.use.apply_plan import apply_plan
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import read
from tests.conftest import ROOT, Kkplan
from tests.disk.conftest import CLOUD, OTHER_PAIR, PAIR, as_root, refused, write
from tests.disk.site import temporaries, tree

ANSWERS: Answers = {"address": "172.16.0.20/24", "lb": ("lb1=172.16.0.2", "lb2=172.16.0.3")}
NEW_VIP = b"172.16.0.20"


def etc(folder: Path) -> None:
    write(folder / "passwd")
    write(folder / "cron.d" / "job")
    (folder / "init.d").mkdir()


def git(folder: Path) -> None:
    write(folder / ".git" / "HEAD", "ref: refs/heads/main\n")
    write(folder / "README.md", "# Mine\n")


def home(folder: Path) -> None:
    write(folder / ".bashrc")
    write(folder / ".ssh" / "authorized_keys")


def empty_folders(folder: Path) -> None:
    for name in "abc":
        (folder / name).mkdir(parents=True)


def pipe(folder: Path) -> None:
    folder.mkdir()
    os.mkfifo(folder / "README.md")


def folder_of_a_file_s_name(folder: Path) -> None:
    (folder / "README.md").mkdir(parents=True)


FOREIGN: dict[str, Callable[[Path], object]] = {
    "etc": etc,
    "a git repository": git,
    "a home": home,
    "one file": lambda folder: write(folder / "x"),
    "a hidden file": lambda folder: write(folder / ".x"),
    "empty folders": empty_folders,
    "a README": lambda folder: write(folder / "README.md", "# Mine\n"),
    "an empty README": lambda folder: write(folder / "README.md", ""),
    "a mark far below": lambda folder: write(folder / "README.md", f"{'x' + chr(10)}" * 20 + MARK),
    "an install.sh": lambda folder: write(folder / "install.sh", "#!/bin/sh\necho mine\n"),
    "an Ansible inventory": lambda folder: write(folder / "ansible" / "inventory.yaml", "all: {}\n"),
    "a pair made by hand": lambda folder: [write(folder / name / "haproxy.cfg") for name in ("lb1", "lb2")],
    "own files and another one": lambda folder: (
        write(folder / "README.md", f"<!-- {MARK}. -->\n"),
        write(folder / "x"),
    ),
    "checksums": lambda folder: write(folder / SUMS, f"{'0' * 64}  README.md\n"),
    "checksums with the mark below": lambda folder: write(folder / SUMS, f"\n{SUMS_MARK}\n"),
    "a folder of a file's name": folder_of_a_file_s_name,
    "a file of a folder's name": lambda folder: write(folder / "lb1"),
    "a pipe": pipe,
    "a deep folder": lambda folder: write(folder / "lb1" / "haproxy.cfg" / "x"),
    "a name like a temporary": lambda folder: write(folder / ".notes.kkplan-12345678"),
    "a name like a backup": lambda folder: write(folder / "notes.bak-20260102T030405"),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_folder_is_refused(kind: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    FOREIGN[kind](tmp_path / "o")
    before = tree(tmp_path)
    refused(kkplan("apply", "config.yaml", *PAIR, "--output-dir", "o", "--yes"), "o")
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "word"),
    [
        (".", "the config is in the output folder"),
        ("..", "the config is in the output folder"),
        ("/", "the config is in the output folder"),
        ("/etc", "not empty and was not written by kkplan"),
        ("/proc/self", "symbolic link"),
        ("/dev/shm", "mount"),
        ("config.yaml", "the config is in the output folder"),
        ("file", "this is not a folder"),
        ("file/o", "Not a directory"),
        ("loop", "this is a symbolic link"),
        ("loop/o", "symbolic links"),
        ("nowhere", "this is a symbolic link"),
        ("link", "this is a symbolic link"),
        ("link/", "this is a symbolic link"),
        ("./link/.", "this is a symbolic link"),
        ("o" * 256, "too long"),
    ],
)
def test_an_output_folder_that_does_not_fit(name: str, word: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    write(tmp_path / "file")
    (tmp_path / "real").mkdir()
    for link, target in (("loop", "loop"), ("nowhere", "not-there"), ("link", "real")):
        (tmp_path / link).symlink_to(target)
    before = tree(tmp_path)
    refused(kkplan("apply", "config.yaml", *CLOUD, "--output-dir", name, "--yes"), word)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("link", ["kkplan-out", "sub"])
def test_the_way_out_of_a_link_is_named(link: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    (tmp_path / "real folder").mkdir()
    (tmp_path / link).symlink_to("real folder")
    options = [] if link == "kkplan-out" else ["--output-dir", link]
    done = kkplan("apply", "config.yaml", *CLOUD, *options, "--yes")
    refused(done, f"{link}: this is a symbolic link", f"Name the folder itself: --output-dir '{tmp_path}/real folder'")
    given = shlex.split(done.stderr.decode().rpartition("itself: ")[2])
    assert kkplan("apply", "config.yaml", *CLOUD, *given, "--yes").returncode == 0


def test_a_folder_that_git_keeps_is_empty(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    write(tmp_path / "kkplan-out" / ".gitkeep", "")
    assert kkplan("apply", "config.yaml", *PAIR, "--yes").returncode == 0
    assert (tmp_path / "kkplan-out" / ".gitkeep").exists()


@pytest.mark.parametrize("kind", ["etc", "one file"])
def test_a_folder_that_does_not_fit_is_a_finding_of_the_plan(
    kind: str, kkplan: Kkplan, config: Path, tmp_path: Path
) -> None:
    FOREIGN[kind](tmp_path / "o")
    shown = kkplan("plan", "config.yaml", *PAIR, "--output-dir", "o")
    assert shown.returncode == 1
    assert b"KK202" in shown.stdout
    assert b"not empty and was not written by kkplan" in shown.stdout
    assert b"172.16.0.10" in shown.stdout  # the rest of the plan
    data = json.loads(kkplan("plan", "config.yaml", *PAIR, "--output-dir", "o", "--format", "json").stdout)
    (finding,) = [finding for finding in data["findings"] if finding["id"] == "KK202"]
    assert (finding["severity"], "--output-dir" in finding["advice"]) == ("error", True)
    assert "nothing was" not in finding["message"] + finding["advice"]
    refused(
        kkplan("apply", "config.yaml", *PAIR, "--output-dir", "o", "--yes"), "o: this folder", "nothing was changed"
    )


def test_links_above_the_output_folder_are_followed(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real/inner")
    assert kkplan("apply", "config.yaml", *CLOUD, "--output-dir", "link/../o", "--yes").returncode == 0
    assert (tmp_path / "real" / "o" / SUMS).exists()


@pytest.mark.sampled(5)
@pytest.mark.parametrize("path", ["README.md", "install.sh", SUMS, "lb1", "ansible", "lb2/keepalived.conf"])
@pytest.mark.parametrize("to", ["file", "folder", "nothing", "another of them"])
def test_a_link_in_the_folder_is_refused_and_not_read(
    path: str, to: str, kkplan: Kkplan, own: Path, tmp_path: Path
) -> None:
    secret = write(tmp_path / "shadow", "root:$6$Kanarie77\n")
    shutil.copytree(own, tmp_path / "theirs")
    target = {"file": secret, "folder": tmp_path / "theirs", "nothing": own / "not-there"}.get(to, own / "lb2")
    shutil.rmtree(own / path) if (own / path).is_dir() else (own / path).unlink()
    (own / path).symlink_to(target)
    before = tree(tmp_path)
    done = kkplan("apply", "config.yaml", *OTHER_PAIR, "--yes")
    refused(done, f"kkplan-out/{path}", "this is a symbolic link")
    assert b"Kanarie77" not in done.stdout + done.stderr
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "swap", ["link for the folder", "link for a sub-folder", "link for a file", "other owner", "others may write"]
)
def test_a_folder_swapped_after_the_plan_was_made(swap: str, config: Path, own: Path, tmp_path: Path) -> None:
    """What the plan was made for is looked at again, by descriptors, when it is carried out."""
    theirs = tmp_path / "theirs"
    shutil.copytree(own, theirs)
    file = ConfigFile(str(config), config.read_bytes(), 0o600)
    plan = make_plan(read(file), Request(mode_named("keepalived"), ANSWERS))
    name = {"link for a sub-folder": "lb1", "link for a file": "README.md"}.get(swap, ".")
    if swap.startswith("link"):
        (own / name).rename(tmp_path / "aside")
        (own / name if name != "." else own).symlink_to(theirs / name)
    elif swap == "other owner":
        if os.geteuid() != 0:
            pytest.skip("only root may do this")
        os.chown(own, 1234, 2345)
    else:
        own.chmod(0o757)
    before = tree(tmp_path)
    with pytest.raises(DiskError):
        apply_plan(plan, {"config": file}, datetime(2026, 1, 2))
    assert tree(tmp_path) == before


IN_NAMESPACE = 'mount --make-rprivate / && eval "$1" || exit 99; shift; exec "$@"'
MOUNTS = {
    "folder": 'mount --bind "$S" "$O"',
    "sub-folder": 'mount --bind "$S/lb1" "$O/lb1"',
    "file": 'mount --bind "$S/README.md" "$O/README.md"',
    "sums": 'mount --bind "$S/SHA256SUMS" "$O/SHA256SUMS"',
    "tmpfs": 'mount -t tmpfs tmpfs "$O"',
    "tmpfs in a sub-folder": 'mount -t tmpfs tmpfs "$O/lb2"',
    "foreign folder": 'mkdir "$O/data" && mount --bind "$S" "$O/data"',
    "foreign tmpfs": 'mkdir "$O/data" && mount -t tmpfs tmpfs "$O/data"',
    "foreign file": 'echo > "$O/x" && mount --bind "$S/README.md" "$O/x"',
}


@as_root
@pytest.mark.parametrize("kind", MOUNTS)
def test_what_is_mounted_in_the_folder_stays_as_it_is(kind: str, own: Path, config: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(own, source)
    write(source / "precious" / "db")
    before, old = tree(source), config.read_bytes()
    command = [sys.executable, "-m", "kkplan", "apply", str(config), *OTHER_PAIR, "--yes"]
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", IN_NAMESPACE, "sh", MOUNTS[kind], *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "S": str(source), "O": str(own)},
        capture_output=True,
        check=False,
    )
    if done.returncode == 99:
        pytest.skip("nothing can be mounted here")
    assert tree(source) == before
    if kind.startswith("foreign"):
        assert done.returncode == 0, done.stderr
        assert NEW_VIP in (own / "install.sh").read_bytes()
    else:
        refused(done, "this is a mount point")
        if kind in ("folder", "tmpfs"):
            assert f"Choose a folder inside it: --output-dir {own}/kkplan-out" in done.stderr.decode()
        assert config.read_bytes() == old
    assert temporaries(tmp_path) == []


@as_root
@pytest.mark.parametrize("path", ["", "lb1", "ansible"])
@pytest.mark.parametrize(("owner", "mode"), [(1234, 0o755), (0, 0o757), (0, 0o1777), (1234, 0o777)])
def test_a_folder_of_others_is_refused(
    path: str, owner: int, mode: int, kkplan: Kkplan, own: Path, tmp_path: Path
) -> None:
    os.chown(own / path, owner, owner)
    (own / path).chmod(mode)
    before = tree(tmp_path)
    word = "belongs to another user (UID 1234)" if owner else "Run: chmod go-w kkplan-out"
    refused(kkplan("apply", "config.yaml", *OTHER_PAIR, "--yes"), word)
    assert tree(tmp_path) == before
    if not owner:
        (own / path).chmod(0o755)
        assert kkplan("apply", "config.yaml", *OTHER_PAIR, "--yes").returncode == 0


@pytest.mark.parametrize("below", ["", "new/deep"])
@pytest.mark.parametrize("mode", [0o777, 0o757, 0o1777, 0o775, 0o755])
def test_a_folder_that_everyone_may_rename_things_in(
    mode: int, below: str, kkplan: Kkplan, config: Path, tmp_path: Path
) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(mode)
    done = kkplan("apply", "config.yaml", *CLOUD, "--output-dir", f"shared/{below}/o", "--yes")
    if mode in (0o777, 0o757):
        refused(done, "world-writable folder without the sticky bit; any user can rename files in it", "Run: chmod o-w")
        assert list((tmp_path / "shared").iterdir()) == []
        return
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE((tmp_path / "shared" / below / "o").stat().st_mode) == 0o755


@as_root
@pytest.mark.parametrize("flag", ["i", "a"])
@pytest.mark.parametrize(
    "path", ["config.yaml", "kkplan-out/README.md", "kkplan-out/lb1/keepalived.conf", "kkplan-out", "."]
)
def test_a_file_that_chattr_protects(path: str, flag: str, kkplan: Kkplan, own: Path, tmp_path: Path) -> None:
    before = tree(tmp_path)
    if subprocess.run(["chattr", f"+{flag}", tmp_path / path], capture_output=True, check=False).returncode:
        pytest.skip("this disk has no such flags")
    try:
        done = kkplan("apply", "config.yaml", *OTHER_PAIR, "--yes")
        assert tree(tmp_path) == before
    finally:
        subprocess.run(["chattr", f"-{flag}", tmp_path / path], check=True)
    refused(done, "nothing was changed. Run: chattr -i -a")
