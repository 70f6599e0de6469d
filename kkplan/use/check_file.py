"""Check a config: everything that the rules find in it, and how it can be mended."""

from __future__ import annotations

from dataclasses import dataclass

from kkplan.disk.config_file import ConfigFile
from kkplan.document.parse import Document
from kkplan.errors import KkplanError
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.ignore import AcceptedFindings, ignore_comments
from kkplan.rules.kk001_unreadable import finding_of
from kkplan.rules.rule import Subject, judge, rule_named
from kkplan.rules.selection import Selection
from kkplan.use.make_plan import Reading, read


@dataclass(frozen=True)
class CheckedFile:
    """What was found in a file.

    Attributes:
        document: the file as it is now; None where it could not be read.
        findings: those still open, in the order of the file.
        mended: those that were mended.
        ignored: how many findings a comment in the file accepts.
    """

    name: str
    document: Document | None
    findings: tuple[Finding, ...]
    mended: tuple[Finding, ...] = ()
    ignored: int = 0

    def count(self, severity: Severity) -> int:
        """How many open findings are of that severity."""
        return sum(finding.severity is severity for finding in self.findings)


def check_file(file: ConfigFile, selection: Selection, path: str = "") -> CheckedFile:
    """What the rules find in the file. Reads nothing but what was read already, and writes nothing.

    Args:
        path: the file's path as the selection knows it.
    """
    try:
        reading = read(file)
    except KkplanError as error:
        return CheckedFile(file.name, None, (finding_of(error),))
    return _checked(reading, selection, path)


def _checked(reading: Reading, selection: Selection, path: str) -> CheckedFile:
    config = reading.config
    subject = Subject(reading.cluster, config=config, permissions=reading.file.permissions)
    found = [finding for finding in judge(subject, whole_file=True) if selection.takes(finding.id, path)]
    accepted = AcceptedFindings(ignore_comments(config.document))
    kept = [finding for finding in found if not accepted.accept(finding)]
    kept.sort(key=lambda finding: (finding.place or (0, 0, 0), finding.id))
    findings = tuple(finding._replace(fix=rule_named(finding.id).fix_of(config, finding)) for finding in kept)
    return CheckedFile(reading.file.name, config.document, findings, ignored=len(found) - len(kept))
