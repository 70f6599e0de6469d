"""firewall.sh: what lets the traffic through, for now and after the next start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kkplan.cluster.load_balancer import LbHost
from tests.modes.install_parts.conftest import PAIR, PartShell

HERE = "name=lb2 address=172.16.0.3 nic=eth0\n"
THREE = replace(PAIR, lb_hosts=(*PAIR.lb_hosts, LbHost("lb3", "172.16.0.4", "eth0")))
IPV6 = replace(PAIR, lb_hosts=tuple(LbHost(f"lb{n}", f"fd00:60::{n + 1}", "eth0") for n in (1, 2, 3)))
# As a program does that takes its standard input for more of its own.
EATS_INPUT = "while read -r _; do :; done"


def firewalld(shell: PartShell, does: str = "") -> None:
    """One whose zone is public, and which then does this."""
    answers = "case $1 in --state) exit ;; --get-zone*) exit 2 ;; --get-default-zone) echo public; exit ;; esac"
    shell.stand_in("firewall-cmd", does=f"{answers}\n{does}")


def additions(shell: PartShell) -> list[str]:
    """What was added, with what stands before it."""
    return [call.replace("firewall-cmd --quiet ", "") for call in shell.calls() if " --add-" in call]


def test_no_firewall(shell: PartShell) -> None:
    assert shell.says("firewall", HERE + "open_firewall\nallow_in_selinux") == ""


@pytest.mark.parametrize("status", ["Status: inactive", "ERROR: problem running", "Logging: on (Status: active)", ""])
def test_an_inactive_ufw_is_left_alone(shell: PartShell, status: str) -> None:
    shell.stand_in("firewall-cmd", does="echo 'not running'; exit 252")
    shell.stand_in("ufw", does=f"echo '{status}'")
    assert shell.says("firewall", HERE + "open_firewall") == ""
    assert shell.calls() == ["firewall-cmd --state", "ufw status"]


@pytest.mark.parametrize("program", ["firewall-cmd", "ufw"])
def test_each_other_lb_server_gets_a_rule_though_programs_read_input(shell: PartShell, program: str) -> None:
    if program == "firewall-cmd":
        firewalld(shell, EATS_INPUT)
    else:
        shell.stand_in("ufw", does=f"if [ $1 = status ]; then echo 'Status: active'; exit; fi\n{EATS_INPUT}")
    assert "is open" in shell.says("firewall", HERE + "open_firewall", THREE)
    rules = [call for call in shell.calls() if "vrrp" in call]
    for address, own in (("172.16.0.2", False), ("172.16.0.3", True), ("172.16.0.4", False)):
        found = [rule for rule in rules if address in rule]
        assert len(found) == (0 if own else 2 if program == "firewall-cmd" else 1)


def test_firewalld_is_told_the_family(shell: PartShell) -> None:
    firewalld(shell)
    shell.says("firewall", "address=fd00:60::2 nic=eth0\nopen_firewall", IPV6)
    rules = [call for call in additions(shell) if "rich-rule" in call]
    assert len(rules) == 4
    assert all('rule family="ipv6" source address="fd00:60::' in rule for rule in rules)


@pytest.mark.parametrize(
    ("refused", "tried"),
    [("*--add-port*", 1), ("*--add-rich-rule*", 2), ("*--permanent*", 3), ("*--permanent*rule*", 4)],
)
def test_firewalld_refuses_one_thing(shell: PartShell, refused: str, tried: int) -> None:
    """The installation goes on, says once what is to be done by hand, and does not say that it is open."""
    firewalld(shell, f'case "$*" in {refused}) exit 1 ;; esac')
    ran = shell.run("firewall", HERE + "open_firewall\nsay on")
    assert (ran.status, ran.out) == (0, "on\n")
    assert ran.err == (
        "warning: firewalld: open TCP port 6443, and VRRP (IP protocol 112) from the other LB servers, by hand\n"
    )
    assert len(additions(shell)) == tried


# --- SELinux ---


def selinux(shell: PartShell, boolean: str = "off", refuses: str = "") -> None:
    shell.stand_in("getenforce", does="echo Permissive")
    shell.stand_in("getsebool", does=f'echo "$1 --> {boolean}"')
    for name in ("setsebool", "semanage", "chcon"):
        shell.stand_in(name, does="exit 1" if name in refuses.split() else "")


def selinux_calls(shell: PartShell) -> list[str]:
    return [call.split()[0] for call in shell.calls() if not call.startswith("get")]


@pytest.mark.parametrize(("boolean", "called"), [("off", ["setsebool"]), ("on", [])])
def test_a_boolean_that_is_on_is_not_set_again(shell: PartShell, boolean: str, called: list[str]) -> None:
    """setsebool -P takes many seconds."""
    selinux(shell, boolean)
    assert "Keepalived may run its check script" in shell.says("firewall", "allow_in_selinux")
    assert selinux_calls(shell) == [*called, "semanage", "chcon"]


def test_selinux_without_its_other_programs(shell: PartShell) -> None:
    selinux(shell)
    shell.remove("getsebool", "semanage")
    assert shell.says("firewall", "allow_in_selinux") != ""
    assert selinux_calls(shell) == ["chcon"]


def test_a_label_that_is_known_already(shell: PartShell) -> None:
    selinux(shell, refuses="semanage")
    assert shell.says("firewall", "allow_in_selinux") != ""


@pytest.mark.parametrize("refuses", ["setsebool", "chcon", "setsebool chcon"])
def test_what_selinux_refuses_is_left_to_a_person(shell: PartShell, refuses: str) -> None:
    selinux(shell, refuses=refuses)
    ran = shell.run("firewall", "allow_in_selinux\nsay on")
    assert (ran.status, ran.out) == (0, "on\n")
    assert [line.split()[3] for line in ran.err.splitlines()] == refuses.split()
    assert selinux_calls(shell) == ["setsebool", "semanage", "chcon"]
