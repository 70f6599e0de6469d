"""In a terminal of 80 columns no command's text is broken by the terminal instead of kkplan."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pexpect
import pytest

from kkplan.locale import T, use_language
from kkplan.render.format import OutputOptions
from kkplan.render.style import displayable, width_of, wrapped
from kkplan.render.verification.as_text import report_text
from kkplan.rules.catalogue import catalogue
from kkplan.verification.check import Observation, Outcome, Verified, checks
from tests.conftest import SAMPLES

COLUMNS = 80
PAIR = ("--mode", "keepalived", "--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3")
COMMANDS = {
    "check": ("check", "config-sample.yaml"),
    "check of KubeKey 4": ("check", "config.yaml"),
    "explain": ("explain",),
    "explain a rule": ("explain", *(rule.id for rule in catalogue())),
    "help": ("--help",),
    "plan": ("plan", "config-sample.yaml", *PAIR),
    "plan of KubeKey 4": ("plan", "config.yaml", *PAIR),
    "rehearse": ("rehearse", "--scenario", "list"),
    "restore": ("restore", "config-sample.yaml", "--no-input"),
    "restore --yes": ("restore", "config-sample.yaml", "--yes"),
    "restore --list": ("restore", "config-sample.yaml", "--list"),
    "restore nothing": ("restore", "config.yaml"),
    "schema": ("schema",),
    "show": ("show", "config-sample.yaml"),
    "show of KubeKey 4": ("show", "config.yaml"),
    "usage error": ("plan", "config-sample.yaml", "--mode", "haproxy"),
}
# A changed line of a diff, and a line of a config with its number.
CODE = re.compile(r"[-+@]|\s*\d* \|")
SHOWN_FILES = {
    line.strip()
    for text in (
        *(f"{rule.bad}\n{rule.good}" for rule in catalogue()),
        *(file.read_text(encoding="utf-8") for file in SAMPLES.glob("*/*.yaml")),
    )
    for line in text.splitlines()
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with configs of KubeKey 3 and 4, and a backup of the first."""
    shutil.copy(SAMPLES / "keepalived" / "config-sample.yaml", tmp_path)
    other = (tmp_path / "config-sample.yaml").read_text(encoding="utf-8").replace("port: 6443", "port: 6444")
    (tmp_path / "config-sample.yaml.bak-20260601T030000").write_text(other, encoding="utf-8")
    for name in ("config.yaml", "inventory.yaml"):
        shutil.copy(SAMPLES / "kubekey4-keepalived" / name, tmp_path)
    return tmp_path


def breakable(text: str) -> list[str]:
    """The lines that are wider than the terminal although they are no code and could be broken."""
    return [
        line
        for line in text.splitlines()
        if width_of(line) > COLUMNS and not CODE.match(line) and line.strip() not in SHOWN_FILES
        if wrapped(line, COLUMNS) != line
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_line_is_wider_than_the_terminal(site: Path, command: str, language: str) -> None:
    environment = {"TERM": "xterm", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": str(site)}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "kkplan", *COMMANDS[command], "--lang", language],
        cwd=str(site),
        env=environment,
        encoding="utf-8",
        dimensions=(50, COLUMNS),
        timeout=30,
    )
    text = child.read()
    child.close()
    assert len(text.splitlines()) > 1
    assert breakable(text) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nor_of_a_verification(language: str) -> None:
    use_language(language)
    words = T("no control plane answers behind the load balancer, so the install would fail on the first worker")
    seen = Observation(Outcome.FAILED, "lb1 172.16.0.2:6443", words, words)
    text = report_text([Verified(checks()[0], (seen,))], OutputOptions(width=COLUMNS))
    assert breakable(displayable(text)) == []
    assert len(text.splitlines()) == 5
