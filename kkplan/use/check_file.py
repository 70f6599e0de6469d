"""Check a config by the rules, and find how it can be fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kkplan.disk.config_file import ConfigFile
from kkplan.document import DocumentError
from kkplan.document.parse import Document
from kkplan.document.settings import plan_edits
from kkplan.errors import KkplanError
from kkplan.plan.dialect import CONFIG
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.catalogue import judge
from kkplan.rules.ignore import AcceptedFindings, ignore_comments
from kkplan.rules.kk001_unreadable import finding_of
from kkplan.rules.selection import Selection
from kkplan.schema.shape import ShapeOf, no_shape
from kkplan.use.read import Reading, read


@dataclass(frozen=True)
class CheckedFile:
    """What was found in a file.

    Attributes:
        document: the file as it is now; None if it could not be read.
        findings: those still open, in the order of the file.
        fixed: those that were fixed.
        ignored: how many findings are ignored by a comment in the file.
        shape_of: what the schema knows of each of its YAML documents.
    """

    name: str
    document: Document | None
    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...] = ()
    ignored: int = 0
    shape_of: ShapeOf = no_shape

    def count(self, severity: Severity) -> int:
        """How many open findings are of that severity."""
        return sum(finding.severity is severity for finding in self.findings)


def check_file(
    file: ConfigFile, selection: Selection, path: str = "", beside: Mapping[str, str] | None = None
) -> CheckedFile:
    """The findings in a file. Reads no other files and writes nothing.

    Args:
        path: the file's path as the selection knows it.
        beside: file role → the file that was named for it.
    """
    try:
        reading = read(file, beside)
    except KkplanError as error:
        return CheckedFile(file.name, None, (finding_of(error),))
    return check_reading(reading, selection, path)


def check_reading(reading: Reading, selection: Selection, path: str = "") -> CheckedFile:
    """The findings in a parsed file."""
    document = reading.documents[CONFIG]
    subject = reading.subject.replaced(whole_file=True)
    found = [finding for finding in judge(subject, reading.dialect.name) if selection.takes(finding.id, path)]
    accepted = AcceptedFindings(ignore_comments(document))
    kept = [finding for finding in found if not accepted.accept(finding)]
    kept.sort(key=lambda finding: (finding.place or (0, 0, 0), finding.id))
    findings = tuple(finding if _can_be_fixed(document, finding) else finding._replace(fix=None) for finding in kept)
    ignored = len(found) - len(kept)
    return CheckedFile(reading.file.name, document, findings, ignored=ignored, shape_of=reading.dialect.shape_of)


def _can_be_fixed(document: Document, finding: Finding) -> bool:
    """Whether the edit touches the one place only: a value with an anchor may be used elsewhere."""
    try:
        for change in finding.fix.changes if finding.fix is not None else ():
            plan_edits(document, change.block, change.settings)
    except DocumentError:
        return False
    return True
