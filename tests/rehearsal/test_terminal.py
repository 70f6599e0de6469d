"""`kkplan rehearse` in a real terminal: colours, the live line, and Ctrl-C."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pexpect

from kkplan.lab.pair import read_pair
from kkplan.plan.artifact import Artifact
from kkplan.render.format import Look
from kkplan.render.rehearsal.as_text import network_text
from kkplan.render.style import printable
from tests.conftest import ROOT
from tests.rehearsal.conftest import needs_lab, own_pair
from tests.rehearsal.test_rehearse import descendants

Write = Callable[[tuple[Artifact, ...]], Path]
COLOURS = re.compile(r"\x1b\[[0-9;]*m|\r\x1b\[K")


def at_terminal(*arguments: str) -> pexpect.spawn[str]:
    environ = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return pexpect.spawn(
        sys.executable,
        ["-m", "kkplan", "rehearse", *arguments],
        env=environ,
        encoding="utf-8",
        dimensions=(50, 200),
        timeout=60,
    )


@needs_lab
def test_colours_are_whole(written: Write) -> None:
    child = at_terminal(str(written(own_pair())), "--scenario", "keepalived-stopped")
    child.expect(pexpect.EOF)
    seen = str(child.before)
    child.close()
    assert child.exitstatus == 0, seen
    assert "\x1b[1mRehearsal: VIP 172.16.0.10/24, port 6443\x1b[0m\r\n" in seen
    assert "\r\x1b[K\x1b[32;1mok  \x1b[0m Keepalived stopped on lb1" in seen
    plain = COLOURS.sub("", seen)
    assert printable(plain) == plain
    assert "\ufffd" not in plain


def test_names_move_no_cursor() -> None:
    """A folder's name, and what comes of it, is cleaned before it is painted."""
    network = read_pair(own_pair(), "kkplan-out")
    strange = replace(network, members=(replace(network.members[0], name="lb\x1b[2J"), *network.members[1:]))
    text = network_text(strange, Look(colour=True))
    assert "lb\ufffd[2J 172.16.0.2" in text
    assert text.startswith("\x1b[1mRehearsal")
    assert COLOURS.sub("", text).count("\x1b") == 0


@needs_lab
def test_ctrl_c_says_one_line_and_leaves_nothing(written: Write) -> None:
    child = at_terminal(str(written(own_pair())), "--scenario", "keepalived-stopped")
    child.expect_exact("Both services started")  # the live line
    child.expect_exact("ok ")
    child.expect_exact("...  ")
    assert child.pid is not None
    inside = descendants(child.pid)
    assert len(inside) > 10
    child.sendintr()
    child.expect(pexpect.EOF)
    seen = COLOURS.sub("", str(child.before))
    child.close()
    assert child.exitstatus == 130, seen
    assert "Traceback" not in seen
    last = [line for line in seen.splitlines() if line.strip()][-1]
    assert last.endswith("kkplan: error: interrupted; nothing is left of the rehearsal")
    assert [line for line in seen.splitlines() if line.strip()][:-1] == [], seen
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in inside) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in inside if Path(f"/proc/{pid}").exists()] == []
