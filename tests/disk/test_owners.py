"""Whom kkplan trusts with the output folder: root, the user, the owner of the config; and who may write in it besides."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Kkplan
from tests.disk.conftest import CLOUD, PAIR, as_root, refused, write
from tests.disk.site import tree

pytestmark = as_root
ALICE, BOB, HER_GROUP = 4321, 5432, 6543
# Python may be in root's home, which no other user can read: one capability is left for that.
BECOME = "setpriv --reuid={0} --regid={0} --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search"
PASSWD = "root:x:0:0::/root:/bin/sh\nalice:x:4321:4321::/:/bin/sh\nbob:x:5432:5432::/:/bin/sh\n"
# Alice's own group, one that Bob is in too, and one with Bob's first group.
GROUPS = {
    "her own": (f"alice:x:{HER_GROUP}:alice\n", True),
    "Bob is in it": (f"alice:x:{HER_GROUP}:alice,bob\n", False),
    "nobody is in it": (f"mail:x:{HER_GROUP}:\n", False),
    "unknown": ("", False),
    "Bob's first group": (f"bob:x:{HER_GROUP}:alice\n", False),
}


def run_in(folder: Path, command: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """A line of a shell in a mount namespace, with kkplan as $K."""
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", f"mount --make-rprivate / || exit 99; {command}"],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "K": f"{sys.executable} -B -m kkplan",
            **environ,
        },
        capture_output=True,
        check=False,
    )


def as_user(user: int, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return run_in(folder, f"exec {BECOME.format(user)} $K {' '.join(arguments)}")


def give(folder: Path, owner: int) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner, owner)


@pytest.fixture
def home(config: Path, tmp_path: Path) -> Path:
    """Alice's home with her config in it."""
    folder = tmp_path / "alice"
    folder.mkdir()
    config.rename(folder / "config.yaml")
    give(folder, ALICE)
    return folder


def test_root_works_on_a_user_s_config_in_their_home(home: Path, kkplan: Kkplan) -> None:
    assert as_user(ALICE, home, "apply", "config.yaml", *CLOUD, "--yes").returncode == 0
    shown = kkplan("plan", "config.yaml", *PAIR, cwd=home)
    assert (shown.returncode, b"KK202" in shown.stdout) == (0, False), shown.stdout
    done = kkplan("apply", "config.yaml", *PAIR, "--yes", cwd=home)
    assert done.returncode == 0, done.stderr


def test_sudo_s_user_is_trusted_by_root_alone(home: Path, kkplan: Kkplan) -> None:
    os.chown(home / "config.yaml", 0, 0)
    refused(kkplan("apply", "config.yaml", *CLOUD, "--yes", cwd=home), f"belongs to another user (UID {ALICE})")
    done = kkplan("apply", "config.yaml", *CLOUD, "--yes", cwd=home, SUDO_UID=str(ALICE))
    assert done.returncode == 0, done.stderr
    give(home, ALICE)
    os.chown(home / "config.yaml", BOB, BOB)
    said = run_in(home, f"exec {BECOME.format(BOB)} $K apply config.yaml {' '.join(CLOUD)} --yes", SUDO_UID=str(ALICE))
    refused(said, f"belongs to another user (UID {ALICE})")


def test_a_folder_that_someone_else_made_in_a_shared_one(config: Path, kkplan: Kkplan, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (shared / "kkplan-out").mkdir(parents=True)
    shared.chmod(0o1777)
    config.rename(shared / "config.yaml")
    os.chown(shared / "config.yaml", ALICE, ALICE)
    os.chown(shared / "kkplan-out", BOB, BOB)
    before = tree(shared)
    shown = kkplan("plan", "config.yaml", *CLOUD, cwd=shared)
    assert (shown.returncode, b"KK202" in shown.stdout) == (1, True), shown.stderr
    refused(kkplan("apply", "config.yaml", *CLOUD, "--yes", cwd=shared), f"belongs to another user (UID {BOB})")
    refused(as_user(ALICE, shared, "apply", "config.yaml", *CLOUD, "--yes"), f"belongs to another user (UID {BOB})")
    assert tree(shared) == before


def test_above_the_folder_the_owners_of_a_user_namespace_s_outside_are_trusted(home: Path, tmp_path: Path) -> None:
    own = home / "own"
    own.mkdir()
    shutil.copy(home / "config.yaml", own / "config.yaml")
    os.chown(own / "config.yaml", 0, 0)
    command = ["unshare", "--user", "--map-root-user", sys.executable, "-B", "-m", "kkplan", "apply", "config.yaml"]
    environ = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}

    def applied() -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([*command, *CLOUD, "--yes"], cwd=own, env=environ, capture_output=True, check=False)

    done = applied()
    if b"unshare" in done.stderr:
        pytest.skip("no user namespaces here")
    assert done.returncode == 0, done.stderr
    give(own / "kkplan-out", ALICE)
    refused(applied(), "kkplan-out: this folder belongs to another user")


@pytest.mark.parametrize("group", GROUPS)
def test_a_folder_that_a_group_may_write_to(group: str, home: Path, tmp_path: Path) -> None:
    """As with the umask 002 of many distributions: harmless where each user has a group of their own."""
    line, is_private = GROUPS[group]
    passwd = PASSWD.replace("5432:5432", f"5432:{HER_GROUP}") if group == "Bob's first group" else PASSWD
    write(tmp_path / "passwd", passwd)
    write(tmp_path / "group", f"root:x:0:\n{line}")
    users = f"mount --bind {tmp_path}/passwd /etc/passwd && mount --bind {tmp_path}/group /etc/group || exit 99; "
    kkplan = f"{users} exec {BECOME.format(ALICE)} $K apply config.yaml --yes "
    done = run_in(home, kkplan + " ".join(PAIR))
    if done.returncode == 99:
        pytest.skip("nothing can be mounted here")
    assert done.returncode == 0, done.stderr
    for folder in ("kkplan-out", "kkplan-out/lb1", "kkplan-out/ansible"):
        os.chown(home / folder, ALICE, HER_GROUP)
        (home / folder).chmod(0o775)
    done = run_in(home, kkplan + " ".join((*PAIR[:3], "172.16.0.20/24", *PAIR[4:])))
    if is_private:
        assert done.returncode == 0, done.stderr
        return
    advice = "Run: chmod go-w kkplan-out kkplan-out/ansible kkplan-out/lb1"
    refused(done, "other users can write to this folder", advice)
    subprocess.run(advice.removeprefix("Run: "), shell=True, cwd=home, check=True)
    assert run_in(home, kkplan + " ".join(PAIR)).returncode == 0


def test_an_access_list_is_no_private_group(home: Path, tmp_path: Path) -> None:
    """The group's bits are the mask of all entries then."""
    write(tmp_path / "passwd", PASSWD)
    write(tmp_path / "group", f"root:x:0:\nalice:x:{HER_GROUP}:alice\n")
    folder = home / "kkplan-out"
    folder.mkdir()
    os.chown(folder, ALICE, HER_GROUP)
    entries = f"0200000001000700ffffffff02000700{BOB.to_bytes(4, 'little').hex()}04000500ffffffff"
    entries += "10000700ffffffff20000500ffffffff"
    try:
        os.setxattr(folder, "system.posix_acl_access", bytes.fromhex(entries))
    except OSError as error:
        pytest.skip(f"this disk has no access lists: {error}")
    users = f"mount --bind {tmp_path}/passwd /etc/passwd && mount --bind {tmp_path}/group /etc/group || exit 99; "
    done = run_in(home, f"{users} exec {BECOME.format(ALICE)} $K apply config.yaml --yes {' '.join(CLOUD)}")
    if done.returncode == 99:
        pytest.skip("nothing can be mounted here")
    refused(done, "other users can write to this folder")


def test_a_group_that_the_owner_is_not_in_is_named(home: Path) -> None:
    """Only root may give the new file that group."""
    config = home / "config.yaml"
    os.chown(home, ALICE, ALICE)
    os.chown(config, ALICE, 0)
    refused(
        as_user(ALICE, home, "apply", "config.yaml", *CLOUD, "--yes"),
        "cannot keep its group root",
        "Run: sudo chgrp 4321 ",
    )


LOCKER = """
import fcntl, os, sys
for path in sys.argv[1:]:
    fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX)
print(flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["itself", "by a child", "as a setuid program"])
def test_locks_of_other_users_keep_nobody_waiting(how: str, config: Path, kkplan: Kkplan, tmp_path: Path) -> None:
    """Whoever can read a folder can lock it."""
    os.chown(config, ALICE, ALICE)
    give(tmp_path, ALICE)
    assert as_user(ALICE, tmp_path, "apply", "config.yaml", *PAIR, "--yes").returncode == 0
    become = BECOME.format(BOB).split()
    code = LOCKER
    if how == "by a child":  # the lock's process has ended, and the lock is still there
        code = LOCKER.replace("sys.stdin.read()", "os.fork() and os._exit(0)\nsys.stdin.read()")
    elif how == "as a setuid program":  # its effective user is root
        become = f"setpriv --ruid={BOB} --rgid={BOB} --clear-groups".split()
    locker = subprocess.Popen(
        [*become, sys.executable, "-c", code, str(tmp_path), str(tmp_path / "kkplan-out")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert locker.stdout is not None
    assert locker.stdin is not None
    locker.stdout.readline()
    try:
        for other in (CLOUD, PAIR):
            done = as_user(ALICE, tmp_path, "apply", "config.yaml", *other, "--yes")
            assert done.returncode == 0, done.stderr
    finally:
        locker.stdin.close()
        locker.wait()
        locker.stdout.close()


def test_a_plan_in_ci_goes_beside_its_config(home: Path, kkplan: Kkplan) -> None:
    """`plan --out artifacts/plan.json`, as CI systems want it; not where someone else has made the plan."""
    (home / "artifacts").mkdir()
    give(home, 0)
    saved = home / "artifacts" / "plan.json"
    assert kkplan("plan", "config.yaml", *PAIR, "--out", str(saved), cwd=home).returncode == 0
    assert json.loads(saved.read_text())["outputDir"] == "../kkplan-out"
    os.chown(saved, BOB, BOB)
    refused(kkplan("apply", str(saved), "--yes", cwd=home), "is outside the plan's own folder")
    os.chown(saved, 0, 0)
    done = kkplan("apply", str(saved), "--yes", cwd=home)
    assert done.returncode == 0, done.stderr
    assert (home / "kkplan-out" / "lb1" / "haproxy.cfg").exists()
