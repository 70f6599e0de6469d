"""docs/reliability.md says nothing that no test shows."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def test_every_row_names_a_test_that_exists_and_every_test_has_its_row() -> None:
    lines = (ROOT / "docs" / "reliability.md").read_text().splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.endswith("| test |")]
    named = {match[1] for row in rows if (match := re.search(r"\| `(test_\w+)` \|$", row))}
    assert len(rows) > 25
    assert [row for row in rows if not re.search(r"\| `test_\w+` \|$", row)] == []
    defined = {
        (path.stem if path.stem == "test_bounds" else path.parent.name, name)
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert named - {name for _, name in defined} == set()
    assert {name for folder, name in defined if folder in ("disk", "test_bounds")} - named - {
        "test_every_row_names_a_test_that_exists_and_every_test_has_its_row"
    } == set()
