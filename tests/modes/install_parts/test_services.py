"""services.sh: starting only what has to be, and seeing who holds the VIP then."""

from __future__ import annotations

import pytest

from tests.modes.install_parts.conftest import PartShell

# Functions of files.sh and vip.sh, as the test has them.
OTHERS = """
name=lb2
is_changed() { case "$changed " in *" $1 "*) ;; *) false ;; esac; }
has_address() { [ "$own" = yes ]; }
is_lb_host() { case $1 in lb1 | lb2) ;; *) false ;; esac; }
own=no
"""


def running(shell: PartShell, *, active: str = "haproxy keepalived", enabled: str = "haproxy keepalived") -> None:
    """A systemctl that knows these services; what it restarts is active then, unless its name is in `ended`."""
    folder = shell.root / "services"
    for kind, names in {"active": active, "enabled": enabled}.items():
        (folder / kind).mkdir(parents=True)
        for name in names.split():
            (folder / kind / name).touch()
    shell.stand_in(
        "systemctl",
        does=f"""case $1 in
is-active) [ -e {folder}/active/$3 ] ;;
is-enabled) [ -e {folder}/enabled/$3 ] ;;
restart) [ -e {folder}/ends ] || touch {folder}/active/$2 ;;
enable) touch {folder}/enabled/$2 ;;
esac""",
    )


def answers(shell: PartShell, from_time: int = 1) -> None:
    """A check script that succeeds from that time on."""
    count = shell.root / "asked"
    text = f"#!/bin/sh\necho . >>{count}\n[ $(grep -c . {count}) -ge {from_time} ]\n"
    shell.write("etc/keepalived/check-haproxy.sh", text, 0o755)


def orders(shell: PartShell) -> list[str]:
    return [call.removeprefix("systemctl ") for call in shell.calls() if not call.startswith("systemctl is-")]


# --- Starting ---


@pytest.mark.parametrize(("from_time", "succeeds"), [(1, True), (3, True), (10, True), (11, False)])
def test_haproxy_has_time_to_answer(shell: PartShell, from_time: int, succeeds: bool) -> None:
    answers(shell, from_time)
    assert shell.says("services", "haproxy_answers || say no") == ("" if succeeds else "no\n")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("", []),
        ("$check_script", []),
        ("$restart_conf", ["daemon-reload"]),
        ("$haproxy_restart_conf", ["daemon-reload"]),
        ("$haproxy_cfg", ["restart haproxy"]),
        ("$keepalived_conf", ["restart keepalived"]),
        ("$places", ["daemon-reload", "restart haproxy", "restart keepalived"]),
    ],
)
def test_only_what_has_a_new_file_is_restarted(shell: PartShell, changed: str, expected: list[str]) -> None:
    running(shell)
    answers(shell)
    out = shell.says("services", f'{OTHERS}changed=" {changed}"\nstart_services\nsay "$keepalived_restarted"')
    assert orders(shell) == expected
    assert out.splitlines()[-1] == ("yes" if "restart keepalived" in expected else "no")


def test_keepalived_is_not_started_over_an_haproxy_that_does_not_answer(shell: PartShell) -> None:
    running(shell, active="")
    answers(shell, 100)
    error = shell.fails("services", f'{OTHERS}changed=" $places"\nstart_services')
    assert "HAProxy does not answer on 127.0.0.1:8404" in error
    assert orders(shell) == ["daemon-reload", "restart haproxy"]


def test_a_service_that_ends_after_its_start_is_not_enabled(shell: PartShell) -> None:
    """`systemctl restart` may succeed for a program that then reads its file and ends."""
    running(shell, active="haproxy", enabled="haproxy")
    answers(shell)
    shell.write("services/ends")
    error = shell.fails("services", f'{OTHERS}changed=" $keepalived_conf"\nstart_services')
    assert "keepalived has ended; see journalctl -u keepalived" in error
    assert orders(shell) == ["restart keepalived"]


@pytest.mark.parametrize("enabled", ["", "haproxy", "keepalived"])
def test_what_does_not_start_at_boot_is_enabled(shell: PartShell, enabled: str) -> None:
    running(shell, enabled=enabled)
    answers(shell)
    shell.says("services", f"{OTHERS}start_services")
    assert orders(shell) == [f"enable {name}" for name in ("haproxy", "keepalived") if name != enabled]


# --- The VIP afterwards ---


@pytest.mark.parametrize(
    ("restarted", "before", "own", "refused"),
    [
        ("yes", "lb1", "yes", True),
        ("yes", "lb1", "no", False),
        # Nobody has lost it: it was here, nowhere, or nothing was restarted.
        ("yes", "lb2", "yes", False),
        ("yes", "", "yes", False),
        ("no", "lb1", "yes", False),
    ],
)
def test_holder_stays(shell: PartShell, restarted: str, before: str, own: str, refused: bool) -> None:
    script = f"{OTHERS}keepalived_restarted={restarted} holder_before={before} own={own}\ncheck_holder_stays\nsay ok"
    if refused:
        error = shell.fails("services", script)
        assert "this server (lb2) has taken the VIP 172.16.0.10, which lb1 held" in error
    else:
        assert shell.says("services", script) == "ok\n"


@pytest.mark.parametrize(
    ("holders", "said"),
    [
        (("lb2",), "the VIP 172.16.0.10 is on this server (lb2)"),
        (("", "", "lb1"), "the VIP 172.16.0.10 is on lb1; this server (lb2) is a backup"),
        (("", "02:00:00:00:00:99", "", "", "", "lb2"), "the VIP 172.16.0.10 is on this server (lb2)"),
        ((*[""] * 7, "lb2"), "the VIP 172.16.0.10 is on this server (lb2)"),
        ((*[""] * 8, "lb2"), ""),
        (("02:00:00:00:00:99",) * 8, ""),
    ],
)
def test_report_of_the_holder(shell: PartShell, holders: tuple[str, ...], said: str) -> None:
    """It may take as long as a takeover, and a stranger's MAC address meanwhile is no LB server."""
    shell.write("holders", "".join(f"{holder}\n" for holder in holders))
    holder = "holder() { sed -n 1p holders; sed -i 1d holders; }"
    script = f"{OTHERS}takeover=4\n{holder}\nreport_holder"
    if said:
        assert shell.says("services", script) == f"{said}\n"
    else:
        assert "no LB server holds the VIP 172.16.0.10" in shell.fails("services", script)
