"""Completion in the real shells, with Tab pressed in a terminal or the shell's own way to ask for what Tab would offer."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from kkplan.cli.completion import SCRIPTS
from tests.conftest import Kkplan
from tools.completion_scripts import scripts

NIC = sorted(os.listdir("/sys/class/net"))[-1]  # noqa: PTH208
TAB = "\t"

# A line, and what it becomes by Tab where only one word fits.
LINES = [
    ("kkplan reh", "kkplan rehearse "),
    ("kkplan --lang zh reh", "kkplan --lang zh rehearse "),
    ("kkplan plan --mode ke", "kkplan plan --mode keepalived "),
    ("kkplan plan --mode=ke", "kkplan plan --mode=keepalived "),
    ("kkplan plan -m ke", "kkplan plan -m keepalived "),
    ("kkplan plan --mode ku", "kkplan plan --mode kube-vip "),
    ("kkplan plan c.yaml --deta", "kkplan plan c.yaml --detailed-exitcode "),
    ("kkplan check --format s", "kkplan check --format sarif "),
    ("kkplan explain KK103", "kkplan explain KK103 "),
    ("kkplan schema cluster.v1alpha2", "kkplan schema cluster.v1alpha2 "),
    ("kkplan rehearse --scenario haproxy-h", "kkplan rehearse --scenario haproxy-hung "),
    ("kkplan plan conf", "kkplan plan config-sample.yaml "),
    ("kkplan apply ha.p", "kkplan apply ha.plan "),
    ("kkplan apply c.yaml --output-dir fol", "kkplan apply c.yaml --output-dir folder/"),
    (f"kkplan plan c.yaml --lb lb1=172.16.0.2,nic={NIC}", f"kkplan plan c.yaml --lb lb1=172.16.0.2,nic={NIC} "),
    (f"kkplan plan c.yaml --lb=lb1=172.16.0.2,nic={NIC}", f"kkplan plan c.yaml --lb=lb1=172.16.0.2,nic={NIC} "),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a config, a saved plan and a folder."""
    (tmp_path / "config-sample.yaml").touch()
    (tmp_path / "ha.plan").touch()
    (tmp_path / "folder").mkdir()
    return tmp_path


@pytest.fixture
def script(kkplan: Kkplan, tmp_path: Path) -> Callable[[str], Path]:
    """The script for a shell, as a file."""

    def made(shell: str) -> Path:
        ran = kkplan("completion", shell, "--lang", "zh")
        assert ran.returncode == 0, ran.stderr
        file = tmp_path / ".script"
        file.write_bytes(ran.stdout)
        return file

    return made


def started(program: str, arguments: list[str], setup: str, folder: Path) -> pexpect.spawn[str]:
    """A shell in a terminal, ready to be typed at."""
    child = pexpect.spawn(
        program,
        arguments,
        cwd=str(folder),
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb", "LANG": "C.UTF-8", "PS1": "> "},
        encoding="utf-8",
        dimensions=(50, 200),
        timeout=20,
    )
    child.sendline(f"{setup}; echo rea''dy")
    child.expect_exact("ready")
    return child


# In place of kkplan: says what it was called with.
ECHO = """kkplan() { printf '<%s>\\n' "$*"; }"""


def assert_completes(child: pexpect.spawn[str], typed: str, wanted: str) -> None:
    """Tab makes the line what is wanted."""
    child.send(typed + TAB)
    child.send("\r")
    child.expect_exact(f"<{wanted.removeprefix('kkplan ').rstrip()}>")


def test_the_scripts_are_up_to_date() -> None:
    assert {file.name: file.read_text(encoding="utf-8") for file in SCRIPTS.iterdir()} == scripts(), (
        "run: make completions"
    )


def test_bash(folder: Path, script: Callable[[str], Path]) -> None:
    setup = f"bind 'set enable-bracketed-paste off'; source {script('bash')}; {ECHO}"
    child = started("bash", ["--norc", "--noprofile", "-i"], setup, folder)
    for typed, wanted in LINES:
        assert_completes(child, typed, wanted)
    child.close(force=True)


def test_zsh(folder: Path, script: Callable[[str], Path]) -> None:
    setup = "autoload -U compinit; compinit -u -D; "
    setup += f"source {script('zsh')}; {ECHO}"
    child = started("zsh", ["-f", "-i"], setup, folder)
    for typed, wanted in LINES:
        assert_completes(child, typed, wanted.rstrip("/"))  # zsh takes the slash away by Enter
    child.close(force=True)


def offered_by_fish(script: Path, line: str, folder: Path) -> list[str]:
    """What fish would offer for the line."""
    ran = subprocess.run(
        ["fish", "--no-config", "-c", f"source {script}; complete -C $argv[1]", "--", line],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    return [offer.split("\t")[0] for offer in ran.stdout.splitlines()]


def test_fish(folder: Path, script: Callable[[str], Path]) -> None:
    file = script("fish")
    for typed, wanted in LINES:
        assert wanted.split()[-1] in offered_by_fish(file, typed, folder), typed


def test_rules_in_a_list_are_completed_one_by_one(folder: Path, script: Callable[[str], Path]) -> None:
    assert "KK103,KK101" in offered_by_fish(script("fish"), "kkplan check --select KK103,KK10", folder)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_no_python_is_started_by_tab(shell: str, script: Callable[[str], Path]) -> None:
    """Completion has the time that a person waits: the script asks nobody."""
    text = script(shell).read_text(encoding="utf-8")
    code = [line for line in text.splitlines() if not line.startswith("#")]
    # Command and process substitution; `(kkplan guide)` is a list of words.
    assert not [line for line in code if re.search(r"[$<=]\(kkplan", line.replace("source <(kkplan", ""))]


def test_an_unknown_shell_is_refused(kkplan: Kkplan) -> None:
    ran = kkplan("completion", "csh")
    assert ran.returncode == 64
    assert b"Choose one of: bash, fish, zsh" in ran.stderr


# Names that the kernel takes for a NIC: up to 15 characters without blanks and slashes.
HOSTILE_NICS = ("a$(touch z)", "b`touch${IFS}y`", "c;touch${IFS}x", "d'e", 'f"g', "-h", "i*", "j\\k", "l&m|n", "~o")


@pytest.mark.parametrize("nic", [nic.replace(" ", "${IFS}") for nic in HOSTILE_NICS])
def test_bash_takes_the_name_of_a_nic_as_text(nic: str, folder: Path, script: Callable[[str], Path]) -> None:
    """What is offered is, read by bash, the very name; nothing in it is executed, neither by Tab nor by Enter."""
    nics = folder / "net"
    nics.mkdir()
    (nics / nic).touch()
    file = script("bash")
    file.write_text(file.read_text(encoding="utf-8").replace("/sys/class/net", str(nics)), encoding="utf-8")
    command = (
        f"source {file}; COMP_LINE='kkplan plan c --lb lb1=10.0.0.1,nic='; COMP_POINT=${{#COMP_LINE}}; COMP_WORDBREAKS=' ';"
        '_kkplan; eval "set -- ${COMPREPLY[0]}"; printf %s "$*"'
    )
    before = {one.name for one in folder.iterdir()}
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout == f"lb1=10.0.0.1,nic={nic}"
    assert {one.name for one in folder.iterdir()} == before


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_execute_no_name_of_a_nic(shell: str, folder: Path, script: Callable[[str], Path]) -> None:
    nics = folder / "net"
    nics.mkdir()
    for nic in HOSTILE_NICS:
        (nics / nic).touch()
    file = script(shell)
    file.write_text(file.read_text(encoding="utf-8").replace("/sys/class/net", str(nics)), encoding="utf-8")
    line = "kkplan plan c --lb lb1=10.0.0.1,nic="
    if shell == "fish":
        offered = offered_by_fish(file, line, folder)
        assert sorted(offered) == sorted(f"lb1=10.0.0.1,nic={nic}" for nic in HOSTILE_NICS)
    else:
        (nics / "one").mkdir()
        setup = f"autoload -U compinit; compinit -u -D; source {file}; {ECHO}"
        child = started("zsh", ["-f", "-i"], setup, folder)
        assert_completes(child, f"{line}a", f"{line}a$(touch z)")
        child.close(force=True)
    assert not {one.name for one in folder.iterdir()} & {"x", "y", "z"}
