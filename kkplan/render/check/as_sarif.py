"""A check as SARIF 2.1.0 (OASIS), which code-scanning services and editors read; in English whatever the language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from kkplan import __version__
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule
from kkplan.render.check import CheckFormat
from kkplan.render.format import OutputOptions
from kkplan.rules.catalogue import catalogue
from kkplan.use.check_file import CheckedFile
from kkplan.visible import json_text

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def check_sarif(files: Sequence[CheckedFile], options: OutputOptions) -> str:
    """One run with a result for each open finding; it quotes no line of a file."""
    rules = catalogue()
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    names = dict.fromkeys(name for file in files for name in (file.name, *file.documents))
    run = {
        "tool": {"driver": {"name": "kkplan", "version": __version__, "rules": [_rule_data(rule) for rule in rules]}},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(name)}} for name in names],
        "results": [_result(file, finding, numbers[finding.id]) for file in files for finding in file.findings],
    }
    data = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json_text(data)


def _rule_data(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title.english},
        "fullDescription": {"text": rule.why.english or rule.title.english},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(file: CheckedFile, finding: Finding, rule_number: int) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(file.file_of(finding))}}
    if finding.place is not None and finding.line:
        location["region"] = {"startLine": finding.line}
        if finding.place.column:
            location["region"] |= {"startColumn": finding.place.column, "endColumn": finding.place.end_column}
    return {
        "ruleId": finding.id,
        "ruleIndex": rule_number,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message.english}. {finding.advice.english}".strip()},
        "locations": [{"physicalLocation": location}],
    }


def _uri(name: str) -> str:
    """A relative path as a relative URI, an absolute one as a file URI (RFC 3986, RFC 8089)."""
    path = PurePath(name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


FORMAT = CheckFormat("sarif", check_sarif)
