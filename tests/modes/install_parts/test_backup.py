"""backup.sh: what was there before, kept and put back."""

from __future__ import annotations

import stat

import pytest

from tests.modes.install_parts.conftest import PartShell

HAPROXY_CFG = "etc/haproxy/haproxy.cfg"
KEEPALIVED_CONF = "etc/keepalived/keepalived.conf"
RESTART_CONF = "etc/systemd/system/keepalived.service.d/kkplan-restart.conf"
HAPROXY_RESTART_CONF = "etc/systemd/system/haproxy.service.d/kkplan-haproxy.conf"


def make_backups(shell: PartShell, *names: str) -> None:
    for name in names:
        (shell.root / "var/lib/kkplan" / name).mkdir(parents=True)


# --- Names of backups ---


@pytest.mark.parametrize(
    ("names", "newest"),
    [
        ((), ""),
        (("restored-backup-0009-20260101-000000", "unfinished", "new"), ""),
        (("backup-0009-20260101-000000", "backup-0010-20250101-000000"), "backup-0010-20250101-000000"),
        (("backup-0001-20260101-000000", "restored-backup-0002-20260101-000000"), "backup-0001-20260101-000000"),
    ],
)
def test_newest_backup(shell: PartShell, names: tuple[str, ...], newest: str) -> None:
    make_backups(shell, *names)
    shell.write("var/lib/kkplan/backup-0099", "not a folder\n")
    expected = f"{shell.root}/var/lib/kkplan/{newest}" if newest else ""
    assert shell.says("backup", "newest_backup") == f"{expected}\n"


@pytest.mark.parametrize(("last", "number"), [("", "0001"), ("0007", "0008"), ("0008", "0009"), ("0009", "0010")])
def test_a_backup_gets_the_next_number_whatever_the_clock_says(shell: PartShell, last: str, number: str) -> None:
    """Numbers with leading zeros are decimal, and a clock that was set back does not make a backup older."""
    make_backups(shell, "unfinished", *([f"backup-{last}-20260101-000000"] if last else []))
    shell.stand_in("date", does="echo 19700101-000000")
    shell.says("backup", "keep_backup")
    newest = shell.says("backup", "newest_backup").strip()
    assert newest.endswith(f"/backup-{number}-19700101-000000")


def test_without_an_installation_no_backup_is_kept(shell: PartShell) -> None:
    assert shell.says("backup", "keep_backup\nsay ok") == "ok\n"
    assert not (shell.root / "var/lib/kkplan").exists()


# --- Files ---


def test_what_an_older_run_left_is_no_part_of_the_backup(shell: PartShell) -> None:
    shell.write("var/lib/kkplan/new/keepalived.conf", "of a run that was killed\n")
    shell.write(HAPROXY_CFG, "mine\n", 0o640)
    shell.says("backup", "services='haproxy enabled active'\nback_up")
    folder = shell.root / "var/lib/kkplan/unfinished"
    assert sorted(path.name for path in folder.iterdir()) == ["haproxy.cfg", "services"]
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert (folder / "haproxy.cfg").stat().st_mode & 0o777 == 0o640
    assert (folder / "services").read_text(encoding="utf-8") == "haproxy enabled active\n"


def test_links_are_kept_as_links_also_those_to_nowhere(shell: PartShell) -> None:
    ours = shell.write("srv/ours.cfg", "ours\n")
    (shell.root / HAPROXY_CFG).symlink_to(ours)
    (shell.root / KEEPALIVED_CONF).symlink_to("nowhere")
    shell.says("backup", "back_up")
    for path in (HAPROXY_CFG, KEEPALIVED_CONF):
        (shell.root / path).unlink()
        shell.write(path, "new\n")
    shell.says("backup", 'restore_files "$unfinished"')
    assert (shell.root / HAPROXY_CFG).readlink() == ours
    assert str((shell.root / KEEPALIVED_CONF).readlink()) == "nowhere"
    assert ours.read_text(encoding="utf-8") == "ours\n"


def test_restoring_leaves_nothing_of_the_installation(shell: PartShell) -> None:
    make_backups(shell, "unfinished")
    for path in (HAPROXY_CFG, KEEPALIVED_CONF, RESTART_CONF, HAPROXY_RESTART_CONF):
        shell.write(path, "new\n")
        shell.write(f"{path}.kkplan", "half of a ne")
    shell.says("backup", 'restore_files "$unfinished"')
    assert [path for path in (shell.root / "etc").rglob("*") if not path.is_dir()] == []
    for path in (RESTART_CONF, HAPROXY_RESTART_CONF):
        assert not (shell.root / path).parent.exists()


def test_restoring_keeps_the_drop_ins_of_others(shell: PartShell) -> None:
    make_backups(shell, "unfinished")
    other = shell.write(str(RESTART_CONF).replace("kkplan-restart", "site"), "ours\n")
    shell.write(RESTART_CONF, "new\n")
    shell.says("backup", 'restore_files "$unfinished"')
    assert [path.name for path in other.parent.iterdir()] == ["site.conf"]


def test_one_file_that_cannot_be_put_back_does_not_keep_the_others(shell: PartShell) -> None:
    for path in (HAPROXY_CFG, KEEPALIVED_CONF):
        shell.write(path, "old\n")
    shell.says("backup", "back_up")
    for path in (HAPROXY_CFG, KEEPALIVED_CONF):
        shell.write(path, "new\n")
    copy = (shell.root / "bin" / "cp").readlink()
    shell.stand_in("cp", does=f'case $* in *haproxy.cfg*) exit 1 ;; esac\nexec {copy} "$@"')
    assert shell.says("backup", 'restore_files "$unfinished" || say "not all"') == "not all\n"
    assert (shell.root / HAPROXY_CFG).read_text(encoding="utf-8") == "new\n"
    assert (shell.root / KEEPALIVED_CONF).read_text(encoding="utf-8") == "old\n"


def test_room_for_no_second_copy(shell: PartShell) -> None:
    """A full disk may have just the room that the file in place has."""
    shell.write(HAPROXY_CFG, "old\n")
    shell.says("backup", "back_up")
    shell.write(HAPROXY_CFG, "new\n")
    copy = (shell.root / "bin" / "cp").readlink()
    shell.stand_in("cp", does=f'case $* in *.kkplan) exit 1 ;; esac\nexec {copy} "$@"')
    shell.says("backup", 'restore_files "$unfinished"')
    assert (shell.root / HAPROXY_CFG).read_text(encoding="utf-8") == "old\n"


# --- Services ---


def test_services_are_noted_one_by_one(shell: PartShell) -> None:
    shell.stand_in(
        "systemctl", does='case "$1 $3" in "is-enabled haproxy" | "is-active keepalived") ;; *) exit 3 ;; esac'
    )
    assert shell.says("backup", "note_services") == "haproxy enabled inactive\nkeepalived disabled active\n"


def test_services_get_back_each_of_their_states(shell: PartShell) -> None:
    """One that started at boot and did not run is not started, and one that ran by hand is not enabled."""
    shell.stand_in("systemctl")
    shell.says("backup", "restore_services 'haproxy enabled inactive\n\nkeepalived disabled active'")
    assert shell.calls() == [
        "systemctl daemon-reload",
        "systemctl stop keepalived",
        "systemctl disable --now haproxy",
        "systemctl enable haproxy",
        "systemctl restart keepalived",
        "systemctl disable keepalived",
    ]


def test_one_service_that_does_not_start_does_not_keep_the_other(shell: PartShell) -> None:
    shell.stand_in("systemctl", does="exit 1")
    ran = shell.run("backup", "restore_services 'haproxy enabled active\nkeepalived enabled active'\nsay done")
    assert (ran.status, ran.out) == (0, "done\n")
    assert services_warned_of(ran.err) == ["haproxy", "keepalived"]
    assert "systemctl enable keepalived" in shell.calls()


def services_warned_of(text: str) -> list[str]:
    """The services that do not start with their old files."""
    return [line.split()[1] for line in text.splitlines() if line.endswith("does not start with its previous file")]
