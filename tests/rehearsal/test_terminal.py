"""`kkplan rehearse` in a real terminal: colours, the live line, and Ctrl-C."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pexpect
import pytest

from kkplan.cluster.outage import Holding, Outage, Request
from kkplan.lab.pair import PairNetwork, read_pair
from kkplan.lab.versions import Versions
from kkplan.locale import T, use_language
from kkplan.rehearsal.rehearse import Status, StepResult
from kkplan.rehearsal.scenario import scenarios
from kkplan.render.format import OutputOptions
from kkplan.render.rehearsal import Rehearsal
from kkplan.render.rehearsal.as_json import rehearsal_data
from kkplan.render.rehearsal.as_text import network_text, step_text, summary_text
from kkplan.render.style import width_of
from kkplan.use.schemas import schema_problem
from kkplan.visible import visible
from tests.conftest import ROOT
from tests.rehearsal.conftest import Write, needs_lab, own_pair
from tests.rehearsal.test_rehearse import descendants

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
    assert re.search(r"\r\x1b\[K\.\.\.  \(1/1\) Keepalived stopped on lb1; about \d+ s left\r", seen), seen
    assert seen.count("timeline: █ answered") == 1
    plain = COLOURS.sub("", seen)
    assert visible(plain) == plain


def test_names_move_no_cursor() -> None:
    """A folder's name, and what comes of it, is cleaned before it is painted."""
    network = read_pair(own_pair(), "kkplan-out")
    strange = replace(network, members=(replace(network.members[0], name="lb\x1b[2J"), *network.members[1:]))
    text = network_text(strange, OutputOptions(colour=True))
    assert r"lb\x1b[2J 172.16.0.2" in text
    assert text.startswith("\x1b[1mRehearsal")
    assert COLOURS.sub("", text).count("\x1b") == 0


def a_result(**fields: Any) -> StepResult:
    """What came of a failure, with these fields."""
    return StepResult(
        **{
            "scenario": "haproxy-stopped",
            "part": "fault",
            "run": 1,
            "title": T("HAProxy stopped on {lb}", lb="lb1"),
            "watched": 15,
            "outage": Outage(0.5, ended=True),
            "requests": (Request(0, 0.1, "control-plane-01"),),
            "failed": 0,
            "cut": 0,
            "holdings": (),
            "backends": (),
            "idle": "lives",
            "note": None,
            **fields,
        }
    )


def a_rehearsal(network: PairNetwork, results: Sequence[StepResult]) -> Rehearsal:
    """One that has ended with these results."""
    return Rehearsal(
        network, datetime(2026, 11, 27, 9, 30), Versions("2.6.12-1+deb12u4", "2.2.7", "6.1.0-13-amd64"), results
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_terminal_of_80_columns_wraps_nothing(language: str) -> None:
    """Lines that the terminal breaks are no table any more."""
    files = own_pair(lbs=5, control_planes=7)
    names = {f"lb{number}": f"kubesphere-lb-0{number}" for number in range(1, 6)}
    network = read_pair([file._replace(path=file.path.replace(*_renaming(file.path, names))) for file in files], "out")
    options = OutputOptions(colour=True, terminal=True, width=80)
    holdings = (Holding("kubesphere-lb-01", -1, 0.5), Holding("kubesphere-lb-02", 0.6))
    results = [
        replace(
            a_result(),
            scenario=scenario.name,
            run=run,
            title=scenario.fault.title._replace(
                values=(("lb", "kubesphere-lb-01"), ("api_server", "control-plane-01"))
            ),
            outage=Outage(15.0, ended=False),
            failed=1500,
            cut=12,
            holdings=holdings,
            backends=tuple((lb, (("control-plane-01", "DOWN"), ("control-plane-02", "UP"))) for lb in names.values()),
            idle="dead",
            note=T("each held the VIP: {lbs}", lbs=", ".join(names.values())),
            problems=(T("more than one LB server holds the VIP: {lbs}", lbs=", ".join(names.values())),),
            status=Status.FAILED,
        )
        for scenario in scenarios()
        for run in (1, 2)
    ]
    rehearsal = a_rehearsal(network, results)
    use_language(language)
    try:
        shown = [network_text(network, options), *(step_text(result, options) for result in results)]
        shown.append(summary_text(rehearsal, options))
        in_a_pipe = summary_text(rehearsal, OutputOptions())
    finally:
        use_language("en")
    lines = COLOURS.sub("", "".join(shown)).splitlines()
    assert [line for line in lines if width_of(line) > 80] == []
    assert any("━" in line for line in lines)
    assert "kubesphere-lb-01 → kubesphere-lb-02" in in_a_pipe


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ({"lb1": "UP UP UP", "lb2": "UP UP UP"}, "lb1, lb2: 3 UP"),
        ({"lb1": "", "lb2": "DOWN UP UP"}, "lb1: -; lb2: m1 DOWN, 2 UP"),
        ({"lb1": "DOWN DOWN DOWN", "lb2": "DOWN UP DOWN"}, "lb1: 3 DOWN; lb2: m1 DOWN, m3 DOWN, 1 UP"),
        ({}, "-"),
    ],
)
def test_what_haproxy_thinks_of_the_api_servers(states: dict[str, str], words: str) -> None:
    backends = tuple(
        (lb, tuple((f"m{number}", state) for number, state in enumerate(text.split(), 1)))
        for lb, text in states.items()
    )
    shown = step_text(a_result(backends=backends), OutputOptions())
    assert f"API servers as HAProxy sees them: {words}\n" in shown


SHARED = (Holding("lb1", -1), Holding("lb2", 0.5))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "no request failed; slowest answer 0.10 s; VIP -; idle connection open"),
        ({"failed": 2}, "longest outage 0.50 s; failed 2 of 1 requests; VIP -; idle connection open"),
        ({"cut": 1}, "failed 0 of 1 requests (and 1 interrupted); VIP"),
        ({"outage": Outage(15, ended=False)}, "longest outage >= 15.00 s; failed 0 of 1 requests; VIP"),
        ({"idle": "dead", "holdings": SHARED}, "slowest answer 0.10 s; VIP lb1+lb2; idle connection dead"),
    ],
)
def test_what_came_of_the_requests(fields: dict[str, Any], words: str) -> None:
    assert words in step_text(a_result(**fields), OutputOptions())


@pytest.mark.parametrize(
    ("results", "verdict", "outage"),
    [
        ([{}], "The scenario passed.", "none"),
        (
            [{"holdings": SHARED, "status": Status.DEGRADED}],
            "All 1 scenarios passed, 1 of them degraded: LB servers held the VIP at once.",
            "none",
        ),
        ([{"failed": 3, "status": Status.OVER_LIMIT}], "All 1 scenarios passed, 1 of them over a limit.", "0.50 s"),
        (
            [{}, {"failed": 3, "holdings": SHARED, "status": Status.OVER_LIMIT}],
            "All 1 scenarios passed, 1 of them over a limit, 1 degraded: LB servers held the VIP at once.",
            "0.50 s",
        ),
        ([{"holdings": SHARED, "status": Status.FAILED}], "1 of 1 scenarios failed.", "none"),
    ],
)
def test_the_verdict(results: list[dict[str, Any]], verdict: str, outage: str) -> None:
    network = read_pair(own_pair(), "out")
    rehearsal = a_rehearsal(network, [a_result(**fields) for fields in results])
    text = summary_text(rehearsal, OutputOptions())
    assert text.endswith(f"\n\n{verdict}\n")
    row = next(line for line in text.splitlines() if line.startswith("HAProxy stops"))
    assert re.split("  +", row)[1] == outage
    data = rehearsal_data(rehearsal)
    assert schema_problem(data, "rehearsal") is None
    assert data["degraded"] is ("degraded" in verdict or "failed" in verdict)


def test_a_dead_connection_is_explained_once() -> None:
    network = read_pair(own_pair(), "out")
    dead = [a_result(idle="dead"), a_result(idle="dead", part="repair")]
    text = summary_text(a_rehearsal(network, dead), OutputOptions())
    assert text.count("neither an answer nor a reset") == 1
    assert "neither an answer" not in summary_text(a_rehearsal(network, [a_result(idle="closed")]), OutputOptions())


def _renaming(path: str, names: dict[str, str]) -> tuple[str, str]:
    folder = path.partition("/")[0]
    return folder, names.get(folder, folder)


@needs_lab
def test_ctrl_c_says_one_line_and_leaves_nothing(written: Write) -> None:
    # A long one: it must not end before the signal comes, however busy this machine is.
    child = at_terminal(str(written(own_pair())), "--scenario", "idle-connection")
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
    assert last.endswith("kkplan: error: interrupted; everything that the rehearsal started was removed")
    assert [line for line in seen.splitlines() if line.strip()][:-1] == [], seen
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in inside) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in inside if Path(f"/proc/{pid}").exists()] == []
