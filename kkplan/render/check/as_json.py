"""A check as JSON, in English whatever the language; its form is schemas/check.schema.json. It quotes no line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kkplan import __version__
from kkplan.plan.finding import Finding, Severity
from kkplan.render.check import CheckFormat
from kkplan.render.format import OutputOptions
from kkplan.use.check_file import CheckedFile
from kkplan.use.plan_data import finding_data
from kkplan.visible import json_text

VERSION = 1


def check_json(files: Sequence[CheckedFile], options: OutputOptions) -> str:
    """What was found in each file, and the sums."""
    data = {
        "version": VERSION,
        "kkplan": __version__,
        "files": [
            {
                "path": file.name,
                "findings": [_finding_data(file, finding) for finding in file.findings],
                "fixed": [_finding_data(file, finding) for finding in file.fixed],
                "ignored": file.ignored,
            }
            for file in files
        ],
        "summary": {severity.value: sum(file.count(severity) for file in files) for severity in Severity},
    }
    return json_text(data)


def _finding_data(file: CheckedFile, finding: Finding) -> dict[str, Any]:
    return {
        **finding_data(finding, file.name),
        "column": finding.place.column if finding.place is not None else 0,
        "endColumn": finding.place.end_column if finding.place is not None else 0,
        "fixable": finding.fix is not None,
    }


FORMAT = CheckFormat("json", check_json)
