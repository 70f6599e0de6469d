"""A check as GitHub's workflow commands, which show findings at their lines of a pull request.

Form: GitHub's documentation of workflow commands, "Setting an error message"; the escapes are those of @actions/core's
command.ts.
"""

from __future__ import annotations

from collections.abc import Sequence

from kkplan.plan.finding import Finding, Severity
from kkplan.render.check import CheckFormat
from kkplan.render.format import OutputOptions
from kkplan.use.check_file import CheckedFile
from kkplan.visible import on_one_line

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def check_github(files: Sequence[CheckedFile], options: OutputOptions) -> str:
    """A command for each finding; nothing at all where none is open."""
    return "".join(f"{_command(file, finding)}\n" for file in files for finding in file.findings)


def _command(file: CheckedFile, finding: Finding) -> str:
    properties = {"file": on_one_line(file.file_of(finding)), "title": f"kkplan {finding.id}"}
    if finding.place is not None and finding.line:
        properties["line"] = str(finding.line)
        if finding.place.column:
            properties |= {"col": str(finding.place.column), "endColumn": str(finding.place.end_column)}
    listed = ",".join(f"{name}={_escaped_property(value)}" for name, value in properties.items())
    text = f"{finding.message.english}. {finding.advice.english}".strip()
    return f"::{_COMMANDS[finding.severity]} {listed}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


FORMAT = CheckFormat("github", check_github)
