"""KK201: a file in the output folder that kkplan did not write, or that was changed since."""

from __future__ import annotations

from pathlib import Path

from kkplan.disk.config_file import ConfigFile
from kkplan.modes.mode import mode_named
from kkplan.modes.question import Answers
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.plan import Plan
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import read
from tests.rules.conftest import config_text

PAIR: Answers = {"address": "172.16.0.100/24", "lb": ("lb1=172.16.0.2", "lb2=172.16.0.3")}


def plan_beside(folder: Path, mode: str = "keepalived", answers: Answers = PAIR) -> Plan:
    """A plan whose files go to kkplan-out in the folder."""
    reading = read(ConfigFile(str(folder / "config-sample.yaml"), config_text().encode()))
    return make_plan(reading, Request(mode_named(mode), answers))


def found_beside(folder: Path) -> list[Finding]:
    """What the rule finds in the plan of a pair."""
    return [finding for finding in plan_beside(folder).findings if finding.id == "KK201"]


def write_own_files(folder: Path) -> None:
    """What apply writes, without apply."""
    for file in plan_beside(folder).files:
        path = folder / "kkplan-out" / file.artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.artifact.content.encode())


def test_a_file_of_someone_else(tmp_path: Path) -> None:
    """Its path is named; it is about no line of the config."""
    write_own_files(tmp_path)
    foreign = tmp_path / "kkplan-out" / "lb1" / "haproxy.cfg"
    foreign.write_text("mine\n")
    (finding,) = found_beside(tmp_path)
    assert (finding.id, finding.severity, finding.line) == ("KK201", Severity.WARNING, 0)
    assert str(foreign) in finding.message.english
    assert "a backup is kept" in finding.message.english


def test_a_file_of_its_own_that_was_changed(tmp_path: Path) -> None:
    """The recorded checksum tells."""
    write_own_files(tmp_path)
    changed = tmp_path / "kkplan-out" / "lb2" / "keepalived.conf"
    changed.write_text(changed.read_text() + "# tuned by hand\n")
    (finding,) = found_beside(tmp_path)
    assert str(changed) in finding.message.english


def test_silent_for_its_own_files_and_for_strangers_that_stay(tmp_path: Path) -> None:
    """Nothing there, its own files as written, and a file that no plan replaces."""
    assert found_beside(tmp_path) == []
    write_own_files(tmp_path)
    (tmp_path / "kkplan-out" / "notes.txt").write_text("mine\n")
    assert found_beside(tmp_path) == []


def test_silent_in_a_mode_without_files(tmp_path: Path) -> None:
    """internal-haproxy leaves the folder alone."""
    (tmp_path / "kkplan-out").mkdir()
    (tmp_path / "kkplan-out" / "README.md").write_text("mine\n")
    assert [
        finding for finding in plan_beside(tmp_path, "internal-haproxy", {}).findings if finding.id == "KK201"
    ] == []
