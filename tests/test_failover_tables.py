"""What the READMEs and docs/failover.md say of failovers is what was measured: benchmarks/results."""

from __future__ import annotations

import json

import pytest

from benchmarks import failover


@pytest.mark.parametrize("name", failover.READMES)
def test_a_readme_has_the_worst_figures_that_were_measured(name: str) -> None:
    text = (failover.ROOT / name).read_text(encoding="utf-8")
    table = failover.readme_table(name)
    assert f"\n\n{table}\n" in text, f"make it anew: python -m benchmarks.failover --table\n{table}"


def test_the_page_is_made_of_the_results() -> None:
    assert failover.TABLE.read_text(encoding="utf-8") == failover.table_page()


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
