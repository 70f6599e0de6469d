"""Write the table of the slowest tests in CONTRIBUTING.md: `pytest --durations=10 | python -m tools.slowest`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "CONTRIBUTING.md"
_DURATION = re.compile(r"^(?P<seconds>\d+\.\d+)s (?P<phase>setup|call|teardown) +(?P<test>\S.*)$", re.MULTILINE)
_TABLE = re.compile(r"(<!-- filled by tools/slowest\.py -->\n).*?(\n<!-- end of the table -->)", re.DOTALL)


def table(report: str) -> str:
    """The table in Markdown, from the durations in pytest's report; a phase is named where it is not the test itself."""
    rows = ["| seconds | test |", "|---|---|"]
    for found in _DURATION.finditer(report):
        phase = "" if found["phase"] == "call" else f" ({found['phase']})"
        test = found["test"].replace("|", r"\|")
        rows.append(f"| {float(found['seconds']):.0f} | `{test}`{phase} |")
    return "\n".join(rows)


def main() -> int:
    """Pass the report on and write the table; returns the exit code."""
    report = sys.stdin.read()
    sys.stdout.write(report)
    if not _DURATION.search(report):
        sys.stderr.write("no durations in the input: run pytest with --durations=10\n")
        return 1
    page = PAGE.read_text(encoding="utf-8")
    text, count = _TABLE.subn(lambda place: f"{place[1]}\n{table(report)}\n{place[2]}", page)
    if count != 1:
        sys.stderr.write(f"{PAGE.name} has {count} places for the table\n")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
