"""actions.sh: uninstalling, and what is cleaned up however a run ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.modes.install_parts.conftest import PartShell

HAPROXY_CFG = "etc/haproxy/haproxy.cfg"
OLD, NEW, BY_HAND = "old\n", "new\n", "by hand\n"


def backups(shell: PartShell) -> Path:
    return shell.root / "var/lib/kkplan"


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def installed(shell: PartShell, name: str) -> None:
    """A backup of that name, and a new file in place."""
    shell.stand_in("systemctl")
    shell.write(f"var/lib/kkplan/{name}/haproxy.cfg", OLD)
    shell.write(f"var/lib/kkplan/{name}/services", "haproxy enabled active\nkeepalived disabled inactive\n")
    shell.write(HAPROXY_CFG, NEW)


def locked(shell: PartShell) -> Path:
    lock = shell.root / "run" / "kkplan-install.lock"
    lock.symlink_to("1")
    return lock


# --- Uninstalling ---


def test_a_second_try_does_not_take_the_restored_files_for_what_was_installed(shell: PartShell) -> None:
    """The first one kept a copy, put this file back, and was cut off."""
    installed(shell, "backup-0001-20260101-000000")
    shell.write("var/lib/kkplan/backup-0001-20260101-000000/uninstalled/haproxy.cfg", BY_HAND)
    shell.write(HAPROXY_CFG, OLD)
    shell.says("backup actions", "uninstall")
    assert text(shell.root / HAPROXY_CFG) == OLD
    folder = backups(shell) / "restored-backup-0001-20260101-000000" / "uninstalled"
    assert [(path.name, text(path)) for path in folder.iterdir()] == [("haproxy.cfg", BY_HAND)]


def test_half_a_copy_of_an_earlier_try_is_made_anew(shell: PartShell) -> None:
    installed(shell, "backup-0001-20260101-000000")
    shell.write("var/lib/kkplan/backup-0001-20260101-000000/uninstalling/keepalived.conf", "half")
    shell.says("backup actions", "uninstall")
    folder = backups(shell) / "restored-backup-0001-20260101-000000" / "uninstalled"
    assert [(path.name, text(path)) for path in folder.iterdir()] == [("haproxy.cfg", NEW)]


def test_no_room_for_the_copy(shell: PartShell) -> None:
    installed(shell, "backup-0001-20260101-000000")
    shell.stand_in("cp", does="exit 1")
    assert "nothing was restored" in shell.fails("backup actions", "uninstall")
    assert text(shell.root / HAPROXY_CFG) == NEW
    assert [path.name for path in backups(shell).iterdir()] == ["backup-0001-20260101-000000"]


def test_not_all_files_can_be_put_back(shell: PartShell) -> None:
    """The backup keeps its name, so that the next try finds it; no service is touched."""
    installed(shell, "backup-0001-20260101-000000")
    copy = (shell.root / "bin" / "cp").readlink()
    shell.stand_in("cp", does=f'case $* in *uninstalling*) exec {copy} "$@" ;; esac\nexit 1')
    assert "run this again" in shell.fails("backup actions", "uninstall")
    assert [path.name for path in backups(shell).iterdir()] == ["backup-0001-20260101-000000"]
    assert [call for call in shell.calls() if call.startswith("systemctl")] == []


def test_an_unfinished_installation_is_undone_before_older_ones(shell: PartShell) -> None:
    installed(shell, "backup-0001-20260101-000000")
    installed(shell, "unfinished")
    (backups(shell) / "restored-unfinished").mkdir()
    shell.stand_in("date", does="echo 20260202-000000")
    shell.says("backup actions", "uninstall")
    assert sorted(path.name for path in backups(shell).iterdir()) == [
        *("backup-0001-20260101-000000", "restored-unfinished", "restored-unfinished-20260202-000000")
    ]


# --- However it ends ---


@pytest.mark.parametrize("status", [0, 1, 130, 143])
def test_the_end_keeps_the_exit_status_and_frees_the_lock(shell: PartShell, status: int) -> None:
    lock = locked(shell)
    (backups(shell) / "new").mkdir(parents=True)
    ran = shell.run("backup actions", f"locked=yes\ntrap finish EXIT\nexit {status}")
    assert ran == (status, "", "")
    assert not lock.is_symlink()
    assert not backups(shell).exists()


def test_the_end_without_the_lock_leaves_the_other_run_alone(shell: PartShell) -> None:
    installed(shell, "unfinished")
    (backups(shell) / "new").mkdir()
    lock = locked(shell)
    ran = shell.run("backup actions", "services='haproxy disabled inactive'\ntrap finish EXIT\nexit 1")
    assert ran == (1, "", "")
    assert lock.is_symlink()
    assert sorted(path.name for path in backups(shell).iterdir()) == ["new", "unfinished"]
    assert text(shell.root / HAPROXY_CFG) == NEW
    assert shell.calls() == []


@pytest.mark.parametrize(
    ("touched", "now", "restored"),
    [
        ("yes", "haproxy", True),
        ("no", "haproxy", False),
        # Packages start services, and the run was interrupted before it touched them.
        ("no", "haproxy keepalived", True),
        ("no", "", True),
    ],
)
def test_services_are_restored_only_if_something_changed_them(
    shell: PartShell, touched: str, now: str, restored: bool
) -> None:
    installed(shell, "unfinished")
    shell.stand_in("systemctl", does=f'case $1 in is-*) case " {now} " in *" $3 "*) ;; *) exit 3 ;; esac ;; esac')
    ran = shell.run("backup actions", f"locked=yes services_touched={touched}\ntrap finish EXIT\nexit 1")
    assert (ran.status, ran.err.count("error: ")) == (1, 1)
    assert "the previous files were restored" in ran.err
    assert text(shell.root / HAPROXY_CFG) == OLD
    calls = [call for call in shell.calls() if not call.startswith("systemctl is-")]
    assert bool(calls) is restored
    assert not restored or "systemctl disable --now keepalived" in calls
    assert not backups(shell).exists()


def test_what_cannot_be_put_back_is_kept(shell: PartShell) -> None:
    """A person needs it, and no service is restarted with half of the files."""
    installed(shell, "unfinished")
    lock = locked(shell)
    shell.stand_in("cp", does="exit 1")
    ran = shell.run("backup actions", "locked=yes services_touched=yes\ntrap finish EXIT\nexit 1")
    assert ran.status == 1
    assert f"not all files could be restored: they are in {backups(shell)}/unfinished" in ran.err
    assert text(backups(shell) / "unfinished" / "haproxy.cfg") == OLD
    assert [call for call in shell.calls() if call.startswith("systemctl")] == []
    assert not lock.is_symlink()


def test_an_uninstallation_that_fails_does_not_undo_an_installation(shell: PartShell) -> None:
    installed(shell, "unfinished")
    ran = shell.run("backup actions", "action=uninstall locked=yes\ntrap finish EXIT\nexit 1")
    assert ran == (1, "", "")
    assert text(shell.root / HAPROXY_CFG) == NEW


def test_the_end_removes_the_fitted_copy(shell: PartShell) -> None:
    folder = shell.root / "tmp" / "fitted"
    folder.mkdir()
    assert shell.run("backup actions", f"fitted={folder}\ntrap finish EXIT\nexit 1") == (1, "", "")
    assert not folder.exists()
