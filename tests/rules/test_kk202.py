"""KK202: an output folder that kkplan does not write to."""

from __future__ import annotations

from pathlib import Path

from kkplan.plan.finding import Finding, Severity
from tests.rules.test_kk201 import PAIR, plan_beside, write_own_files


def found_beside(folder: Path, mode: str = "keepalived") -> list[Finding]:
    """What the rule finds in the plan of a pair, or of another mode."""
    findings = plan_beside(folder, mode, PAIR if mode == "keepalived" else {}).findings
    return [finding for finding in findings if finding.id == "KK202"]


def test_a_folder_of_someone_else(tmp_path: Path) -> None:
    """The folder, the reason and the way out; it is about no line of the config."""
    (tmp_path / "kkplan-out").mkdir()
    (tmp_path / "kkplan-out" / "notes.txt").write_text("mine\n")
    (finding,) = found_beside(tmp_path)
    assert (finding.severity, finding.line) == (Severity.ERROR, 0)
    assert (
        f"{tmp_path}/kkplan-out: this folder is not empty and was not written by kkplan (it contains notes.txt)"
        in str(finding.message)
    )
    assert "--output-dir" in finding.advice.english


def test_a_folder_that_others_can_write_to(tmp_path: Path) -> None:
    """The advice is a command."""
    (tmp_path / "kkplan-out").mkdir()
    (tmp_path / "kkplan-out").chmod(0o777)
    (finding,) = found_beside(tmp_path)
    assert finding.advice.english == f"Run: chmod go-w {tmp_path}/kkplan-out"


def test_silent_for_its_own_folder_and_for_none(tmp_path: Path) -> None:
    """And in a mode that writes no files."""
    assert found_beside(tmp_path) == []
    write_own_files(tmp_path)
    assert found_beside(tmp_path) == []
    (tmp_path / "kkplan-out").chmod(0o777)
    assert found_beside(tmp_path, "internal-haproxy") == []
