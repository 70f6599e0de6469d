"""files.sh: what the installed programs say to the new files, and which of them are in place."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from kkplan.modes.keepalived.install_script import values
from kkplan.modes.keepalived.template import template
from tests.modes.install_parts.conftest import PAIR, PartShell

BUNDLE = 'bundle="$here/lb1"\n'
CONF = """vrrp_instance VI_1 {
    advert_int 0.1
    down_timer_adverts 9
    unicast_ttl 255
    unicast_peer {
        172.16.0.3 min_ttl 255 max_ttl 255
    }
}
"""
PLACES = {
    "haproxy.cfg": "etc/haproxy/haproxy.cfg",
    "check-haproxy.sh": "etc/keepalived/check-haproxy.sh",
    "kkplan-restart.conf": "etc/systemd/system/keepalived.service.d/kkplan-restart.conf",
    "kkplan-haproxy.conf": "etc/systemd/system/haproxy.service.d/kkplan-haproxy.conf",
    "keepalived.conf": "etc/keepalived/keepalived.conf",
}


def put_in_place(shell: PartShell) -> None:
    for name, place in PLACES.items():
        for path in (f"lb1/{name}", place):
            shell.write(path, f"# {name}\n", 0o755 if name.endswith(".sh") else 0o644)


# --- Versions ---


@pytest.mark.parametrize(
    ("version", "older"),
    [
        *[("1.2.13", True), ("1.4.5", True), ("2.0.20", True), ("2.1.5", True), ("2.2", True), ("2.2.2", True)],
        *[("2.2.3", False), ("2.2.10", False), ("2.3", False), ("2.10.0", False), ("3", False), ("10.0.1", False)],
    ],
)
def test_version(shell: PartShell, version: str, older: bool) -> None:
    script = f"version={version}\nif is_older_than 20203; then say older; fi"
    assert shell.says("files", script) == ("older\n" if older else "")


@pytest.mark.parametrize(
    "first_line",
    [
        "Keepalived v2.2.7 (01/16,2022), git commit v2.2.7",
        "Keepalived v2.2.10",
        "Keepalived git",
        "",
        "keepalived v1.3.5",
    ],
)
def test_files_stay_for_a_new_or_unknown_version(shell: PartShell, first_line: str) -> None:
    shell.write("lb1/keepalived.conf", CONF)
    shell.stand_in("keepalived", does=f"echo '{first_line}' >&2; exit 1")
    script = BUNDLE + 'fit_keepalived\nsay "$bundle [$fitted] $takeover"'
    assert shell.says("files", script) == f"{shell.root}/lb1 [] {values(PAIR)['takeover']}\n"


def test_files_are_fitted_in_a_copy(shell: PartShell) -> None:
    for name in PLACES:
        shell.write(f"lb1/{name}", CONF, 0o755 if name.endswith(".sh") else 0o644)
    drop_in = template("kkplan-restart.conf")
    shell.write("lb1/kkplan-restart.conf", drop_in)
    shell.stand_in("keepalived", does="echo 'Keepalived v2.0.20 (01/22,2020)' >&2")
    ran = shell.run("files", BUNDLE + 'fit_keepalived\nsay "$bundle"\nsay "$fitted $takeover"\nls "$bundle"')
    bundle, fitted, takeover, *names = ran.out.split()
    assert int(takeover) == int(str(values(PAIR)["takeover"])) + 3
    assert (bundle, names) == (fitted, sorted(PLACES))
    assert bundle.startswith(f"{shell.root}/tmp/")
    assert [line.split(":")[0] for line in ran.err.splitlines()] == ["warning"] * 2
    assert (shell.root / "lb1" / "keepalived.conf").read_text(encoding="utf-8") == CONF
    for name in PLACES:
        text = Path(bundle, name).read_text(encoding="utf-8")
        if name == "keepalived.conf":
            expected = re.sub(r" min_ttl.*|.*(down_timer_adverts|unicast_ttl).*\n", "", CONF).replace("0.1", "1")
            assert text == expected
        elif name == "kkplan-restart.conf":
            assert re.findall(r"(?m)^RestartSec=.*", drop_in) == ["RestartSec=1"]
            assert text == drop_in.replace("RestartSec=1\n", "RestartSec=4\n")
        else:
            assert text == CONF


# --- What is in place ---


def changed(shell: PartShell) -> list[str]:
    out = shell.says("files", BUNDLE + 'find_changed\nsay "$changed"')
    return [path.removeprefix(f"{shell.root}/") for path in out.split()]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: only root's files are in place")
def test_what_is_in_place(shell: PartShell) -> None:
    put_in_place(shell)
    assert changed(shell) == []
    for place in PLACES.values():
        path = shell.root / place
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
        for mode_now in (mode ^ 0o020, mode ^ 0o100, mode | 0o4000):
            path.chmod(mode_now)
            assert changed(shell) == [place]
        path.chmod(mode)
        os.chown(path, 1, -1)
        assert changed(shell) == [place]
        os.chown(path, 0, 1)
        assert changed(shell) == []
        path.unlink()
        assert changed(shell) == [place]
        path.mkdir()
        assert changed(shell) == [place]
        path.rmdir()
        path.symlink_to("nowhere")
        assert changed(shell) == [place]
        path.unlink()
        shell.write(place, text, mode & 0o7777)
    assert changed(shell) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: only root's files are in place")
@pytest.mark.parametrize("damaged", ["# haproxy.cfg", "# haproxy.cfg\n\n", "# haproxy\0.cfg\n"])
def test_a_file_with_another_end_is_not_in_place(shell: PartShell, damaged: str) -> None:
    """HAProxy refuses a file whose last line has no end; a shell's $(cat) does not see the difference."""
    put_in_place(shell)
    shell.write(PLACES["haproxy.cfg"], damaged)
    assert changed(shell) == [PLACES["haproxy.cfg"]]


def test_changed_files_are_compared_as_a_whole(shell: PartShell) -> None:
    paths = ("/etc/a.conf", "/etc/a", "a.conf", "/etc/b.conf", "/etc/b.con.", "")
    script = "changed=' /etc/a.conf /etc/b.conf'\n"
    script += "".join(f"if is_changed '{path}'; then say '{path}'; fi\n" for path in paths)
    assert shell.says("files", script) == "/etc/a.conf\n/etc/b.conf\n"
    assert shell.says("files", "changed=\nis_changed /etc/a.conf || say no") == "no\n"


# --- The programs' word ---


def with_programs(shell: PartShell, unshare: str) -> None:
    put_in_place(shell)
    shell.stand_in("haproxy")
    shell.stand_in("keepalived", does="echo '  -t, --config-test'")
    shell.stand_in("unshare", does=unshare)


@pytest.mark.parametrize(
    "unshare",
    [
        "echo 'Operation not permitted' >&2; exit 1",  # as in a container (unshare(1): its own failures end with 1)
        "[ $2 = true ] || { echo 'Operation not permitted' >&2; exit 125; }",  # for mount
    ],
)
def test_a_file_that_cannot_be_checked_is_not_called_wrong(shell: PartShell, unshare: str) -> None:
    with_programs(shell, unshare)
    error = shell.fails("files", BUNDLE + "check_files")
    assert error.startswith("Operation not permitted\n")
    assert "without a mount namespace; no file was replaced" in error
    assert "rejects" not in error


@pytest.mark.parametrize("status", [1, 2, 4, 126, 127])
def test_any_other_status_is_a_refusal(shell: PartShell, status: int) -> None:
    with_programs(shell, f"[ $2 = true ] || {{ echo 'line 7'; exit {status}; }}")
    error = shell.fails("files", BUNDLE + "check_files")
    assert error.startswith("line 7\n")
    assert "the installed Keepalived rejects" in error


@pytest.mark.parametrize("action", ["install", "dry-run"])
def test_a_trial_makes_no_folder_for_the_check(shell: PartShell, action: str) -> None:
    with_programs(shell, "exit 0")
    folder = shell.root / "etc" / "keepalived"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert "both files are valid" in shell.says("files", f"action={action}\n{BUNDLE}check_files")
    assert folder.exists() is (action == "install")
