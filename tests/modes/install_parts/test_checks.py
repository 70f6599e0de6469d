"""checks.sh: the system, the lock, which LB server this is, and whether its files are whole."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from kkplan.cluster.load_balancer import LbHost
from tests.modes.install_parts.conftest import PAIR, PartShell

FIND = 'find_host\nsay "$name $address $nic"'


# --- The system ---


def on_systemd(shell: PartShell, state: str = "running", status: int = 0) -> None:
    shell.stand_in("id", does="echo 0")
    shell.stand_in("ip")
    shell.stand_in("systemctl", does=f"echo {state}; exit {status}")


@pytest.mark.parametrize(("state", "status"), [("running", 0), ("degraded", 1), ("starting", 1), ("maintenance", 1)])
def test_systemd_may_have_troubles_of_its_own(shell: PartShell, state: str, status: int) -> None:
    on_systemd(shell, state, status)
    assert shell.says("checks", "check_system\nsay ok") == "ok\n"


@pytest.mark.parametrize(("program", "package"), [("ip", "iproute2"), ("sha256sum", "coreutils")])
def test_a_tool_is_missing(shell: PartShell, program: str, package: str) -> None:
    on_systemd(shell)
    shell.remove(program)
    assert f"{program} not found: install {package}" in shell.fails("checks", "check_system")


# --- The lock ---


def test_lock_of_a_process_that_is_gone(shell: PartShell) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    lock = shell.root / "run" / "kkplan-install.lock"
    lock.symlink_to(str(gone.pid))
    out = shell.says("checks", 'take_lock\nsay "$locked $(readlink "$lock") $$"')
    locked, holder, own = out.split()
    assert (locked, holder) == ("yes", own)


def test_lock_of_another_install(shell: PartShell) -> None:
    lock = shell.root / "run" / "kkplan-install.lock"
    with subprocess.Popen(["sh", "-c", "read line", "./install.sh"], stdin=subprocess.PIPE) as other:
        lock.symlink_to(str(other.pid))
        error = shell.fails("checks", "take_lock")
        assert f"another install.sh is running: process {other.pid}" in error
        assert lock.readlink().name == str(other.pid)
        assert other.stdin
        other.stdin.close()


@pytest.mark.parametrize("target", ["", "x", "0x1", "-1 ; :", "999999999999"])
def test_a_lock_that_names_no_process_does_not_block(shell: PartShell, target: str) -> None:
    lock = shell.root / "run" / "kkplan-install.lock"
    if target:
        lock.symlink_to(target)
    assert shell.says("checks", 'take_lock\nsay "$locked"') == "yes\n"


def test_a_lock_that_cannot_be_made(shell: PartShell) -> None:
    shell.write("run/kkplan-install.lock", "not a link")
    assert "cannot make" in shell.fails("checks", "take_lock")
    assert (shell.root / "run/kkplan-install.lock").read_text(encoding="utf-8") == "not a link"
    shell.write("run/kkplan-install.lock").unlink()
    (shell.root / "run").rmdir()
    assert "cannot make" in shell.fails("checks", "take_lock")


# --- Which LB server is this ---


def with_addresses(shell: PartShell, *lines: str) -> None:
    """What `ip -o addr show` prints: "NIC ADDRESS/PREFIX" each; for one NIC, its lines alone."""
    rows = "\n".join(
        f"{number}: {nic}    inet{'6' if ':' in address else ''} {address} scope global {nic}"
        for number, (nic, address) in enumerate((line.split() for line in lines), 1)
    )
    shell.stand_in("ip", does=f"[ $# -lt 5 ] || only=$5\ngrep \": ${{only-}}\" <<'ROWS'\n{rows}\nROWS")


def test_addresses_are_compared_as_a_whole(shell: PartShell) -> None:
    with_addresses(shell, "eth0 172.16.0.22/24", "eth0 172.160.0.2/24", "eth0 172.16.0.2/32", "eth1 fd00::2/64")
    asked = ("172.16.0.2", "172.16.0.22", "172.16.0", "172.16.0.", ".", "fd00::2", "fd00::", "")
    script = "".join(f"if has_address '{address}'; then say '{address}'; fi\n" for address in asked)
    assert shell.says("checks", script) == "172.16.0.2\n172.16.0.22\nfd00::2\n"
    assert shell.says("checks", "nic=eth0; prefix_of 172.16.0.22; nic=eth1; prefix_of fd00::2") == "24\n64\n"
    assert shell.says("checks", "has_address 172.16.0.2 eth1 || say no") == "no\n"


def test_finds_the_host_by_any_of_its_addresses(shell: PartShell) -> None:
    with_addresses(shell, "eth9 10.0.0.1/8", "eth0 172.16.0.3/24", "eth0 172.16.0.33/24")
    assert shell.says("checks", FIND) == "lb2 172.16.0.3 eth0\n"
    assert shell.says("checks", f"wanted=lb1\n{FIND}") == "lb1 172.16.0.2 eth0\n"


@pytest.mark.parametrize("wanted", ["lb", "lb11", "lb.", "LB1", "*", "l b1"])
def test_a_wanted_name_is_compared_as_a_whole(shell: PartShell, wanted: str) -> None:
    with_addresses(shell, "eth0 172.16.0.2/24")
    error = shell.fails("checks", f"wanted='{wanted}'\n{FIND}")
    assert error.startswith("lb1 172.16.0.2 eth0\nlb2 172.16.0.3 eth0\n")
    assert f"unknown LB server {wanted}; the LB servers are listed above" in error


def test_the_first_of_two_lb_servers_on_one_machine_is_taken(shell: PartShell) -> None:
    with_addresses(shell, "eth0 172.16.0.3/24", "eth0 172.16.0.2/24")
    assert shell.says("checks", FIND) == "lb1 172.16.0.2 eth0\n"


def test_prefix_is_that_of_the_address_and_not_of_its_neighbour(shell: PartShell) -> None:
    with_addresses(shell, "eth0 172.16.0.22/16", "eth0 172.16.0.2/24")
    assert shell.says("checks", "name=lb1 address=172.16.0.2 nic=eth0\ncheck_nic") == ""


# --- The files ---


def listed(text: str, path: str) -> str:
    return f"{hashlib.sha256(text.encode()).hexdigest()}  {path}\n"


def test_sums_are_looked_up_by_the_whole_path(shell: PartShell) -> None:
    """lbx1's line is none for lb.1, and install.sh's none for old/install.sh."""
    shell.write("lb.1/haproxy.cfg", "a\n")
    shell.write("SHA256SUMS", listed("a\n", "lbx1/haproxy.cfg") + listed("a\n", "old/lb.1/haproxy.cfg"))
    assert "does not match SHA256SUMS" in shell.fails("checks", "check_sum lb.1/haproxy.cfg")
    shell.write("SHA256SUMS", listed("b\n", "lbx1/haproxy.cfg") + listed("a\n", "lb.1/haproxy.cfg"))
    assert shell.says("checks", "check_sum lb.1/haproxy.cfg") == ""


@pytest.mark.parametrize("damage", ["\r\n", "", " \n", "\n# more\n"])
def test_sums_with_other_line_ends(shell: PartShell, damage: str) -> None:
    shell.write("lb1/haproxy.cfg", "a\n")
    shell.write("SHA256SUMS", "# list\n" + listed("a\n", "lb1/haproxy.cfg").rstrip("\n") + damage)
    ran = shell.run("checks", "check_sum lb1/haproxy.cfg")
    assert ran.status == (0 if damage in ("", "\n# more\n") else 1)


@pytest.mark.parametrize("text", ["", "\0binary\n", "no line end", "a\r\n"])
def test_sums_of_any_content(shell: PartShell, text: str) -> None:
    shell.write("lb1/haproxy.cfg", text)
    shell.write("SHA256SUMS", listed(text, "lb1/haproxy.cfg"))
    assert shell.says("checks", "check_sum lb1/haproxy.cfg") == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read(shell: PartShell) -> None:
    shell.write("lb1/haproxy.cfg", "a\n", 0)
    assert "cannot read" in shell.fails("checks", "check_sum lb1/haproxy.cfg")


def test_a_folder_in_place_of_a_file(shell: PartShell) -> None:
    pair = replace(PAIR, lb_hosts=(LbHost("lb1", "172.16.0.2", "eth0"),))
    (shell.root / "lb1" / "haproxy.cfg").mkdir(parents=True)
    shell.write("SHA256SUMS", listed("x", "install.sh"))
    shell.write("install.sh", "x")
    error = shell.fails("checks", "name=lb1\ncheck_bundle", pair)
    assert "lb1/haproxy.cfg is missing: copy the whole folder lb1 beside install.sh" in error
