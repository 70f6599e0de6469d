"""What the READMEs, docs/failover.md and docs/machines.md say of failovers is what was measured: benchmarks/results."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import failover, machines
from kkplan.rules.kk203_guide_files import FIGURES, Figure


@pytest.mark.parametrize("name", failover.READMES)
def test_a_readme_has_the_worst_figures_that_were_measured(name: str) -> None:
    text = (failover.ROOT / name).read_text(encoding="utf-8")
    table = failover.readme_table(name)
    assert f"\n\n{table}\n" in text, f"make it anew: python -m benchmarks.failover --table\n{table}"


def test_the_page_is_made_of_the_results() -> None:
    assert failover.TABLE.read_text(encoding="utf-8") == failover.table_page()


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.scenario)
def test_the_plan_has_the_figures_of_the_guides_files_that_were_measured(figure: Figure) -> None:
    for pair, text in (("guide", figure.guide.english), ("kkplan", figure.kkplan.english)):
        steps = failover.measured(pair)[(figure.scenario, "fault")]
        assert len(steps) >= 3
        if any(mark in text for mark in ("open", "closed")):
            survived = all(step["status"] != "failed" for step in steps)
            assert survived is ("open" in text)
        else:
            counts = text.endswith(" failed")
            assert text == failover.figure(steps, counts).strip("*") + (" failed" if counts else "")


def test_every_failure_that_the_guides_files_do_not_survive_is_in_the_plan() -> None:
    steps = failover.measured("guide")
    failed = {scenario for (scenario, part), runs in steps.items() if any(run["status"] == "failed" for run in runs)}
    assert failed <= {figure.scenario for figure in FIGURES}


def test_a_figure_is_the_worst_of_the_runs() -> None:
    """Read here without the benchmark's own code."""
    data = json.loads((failover.RESULTS / "failover-kkplan-walk.json").read_text(encoding="utf-8"))
    runs = [
        step["outage"] for step in data["steps"] if (step["scenario"], step["part"]) == ("haproxy-stopped", "fault")
    ]
    assert len(runs) >= 3
    assert f"| HAProxy stops | {max(runs):.2f} s |" in failover.readme_table("README.md")


def test_the_page_is_the_same_on_any_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    assert failover.TABLE.read_text(encoding="utf-8") == failover.table_page()


def test_the_page_of_machines_is_made_of_the_results() -> None:
    text = machines.PAGE.read_text(encoding="utf-8")
    assert text == machines.page(), "make it anew: python -m benchmarks.machines --table"
    # Read here without the benchmark's own code.
    data = json.loads((machines.RESULTS / "machines-bookworm-rehearsal.json").read_text(encoding="utf-8"))
    runs = [step for step in data["steps"] if (step["scenario"], step["part"]) == ("haproxy-hung", "fault")]
    assert len(runs) >= 3
    assert re.search(rf"\| HAProxy hangs \|.* {max(step['outage'] for step in runs):.2f} \|", text)


def test_a_figure_over_its_limit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    step = {"part": "fault", "status": "ok", "problems": [], "failed": 0, "servedAfter": None}
    told = [
        {**step, "scenario": "haproxy-stopped", "outage": 1.3},
        {**step, "scenario": "power-on-ifupdown", "outage": 9.0, "servedAfter": 5.1},
        {**step, "scenario": "haproxy-reloaded", "outage": 0.1, "failed": 1},
        {**step, "scenario": "split", "outage": 0.1, "status": "failed", "problems": ["no LB server holds the VIP"]},
    ]
    silent = [
        {**step, "scenario": "haproxy-stopped", "outage": 1.2},
        {**step, "scenario": "haproxy-stopped", "part": "repair", "outage": 1.3},
        {**step, "scenario": "power-on-ifupdown", "outage": 9.0, "servedAfter": 5.0},
        {**step, "scenario": "packages-reinstalled", "outage": 3.0},
    ]

    def kept(release: str, name: str) -> dict[str, Any]:
        return {"steps": [*told, *silent] if (release, name) == ("bookworm", "rehearsal") else []}

    monkeypatch.setattr(machines, "kept", kept)
    assert len(list(machines.over_limits())) == len(told)


def test_an_unknown_part_is_refused_before_anything_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran = []
    monkeypatch.setattr(machines, "run", lambda *arguments: ran.append(arguments))
    monkeypatch.setattr(machines, "root_fs", lambda release: release)
    monkeypatch.setattr(machines, "PAGE", tmp_path / "machines.md")
    with pytest.raises(SystemExit) as ended:
        machines.main(["bookworm-power", "bookwrm"])
    assert (ended.value.code, ran, list(tmp_path.iterdir())) == (2, [], [])
    machines.main(["bookworm-power"])
    assert ran == [("bookworm", "power", 3)]


def test_a_part_that_was_not_run_has_no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = machines.kept
    monkeypatch.setattr(
        machines, "kept", lambda release, name: {"steps": []} if name == "holder" else kept(release, name)
    )
    (row,) = re.findall(r".*\| 0 failed \|.*", machines.page())
    assert row.endswith("| 0 failed | – | – | – |")
