"""Check a config by the rules, and find how it can be fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kkplan.disk.config_file import ConfigFile
from kkplan.document import DocumentError
from kkplan.document.change import edits_of
from kkplan.document.parse import Document
from kkplan.errors import KkplanError, UsageError
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.fix import Fix
from kkplan.rules.catalogue import judge
from kkplan.rules.ignore import AcceptedFindings, ignore_comments
from kkplan.rules.kk001_unreadable import finding_of
from kkplan.rules.selection import Selection
from kkplan.schema.shape import ShapeOf, no_shape
from kkplan.use.read import NamedFiles, Reading, read

# A file's name → its path as the patterns of a selection have it.
PathOf = Callable[[str], str]


def no_path(name: str) -> str:
    """No pattern fits."""
    return ""


@dataclass(frozen=True)
class CheckedFile:
    """What was found in a config and the files beside it.

    Attributes:
        name: the config, as the user named it.
        documents: the files as they are now, by their names, the config first; empty if one could not be read.
        findings: those still open, in the order of the files.
        fixed: those that were fixed.
        ignored: how many findings are ignored by comments in the files.
        shape_of: what the schema knows of each of their YAML documents.
    """

    name: str
    documents: Mapping[str, Document]
    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...] = ()
    ignored: int = 0
    shape_of: ShapeOf = no_shape

    def count(self, severity: Severity) -> int:
        """How many open findings are of that severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def file_of(self, finding: Finding) -> str:
        """The name of the file that the finding is about."""
        return finding.file or self.name


def check_file(
    file: ConfigFile,
    selection: Selection,
    path_of: PathOf = no_path,
    beside: NamedFiles | None = None,
) -> CheckedFile:
    """The findings in a file and those beside it. Reads no other files and writes nothing.

    Raises:
        UsageError: a file was named for a role that the config's KubeKey does not have.
    """
    try:
        reading = read(file, beside)
    except UsageError:
        raise
    except KkplanError as error:
        return unreadable_file(file.name, error)
    return check_reading(reading, selection, path_of)


def unreadable_file(name: str, error: KkplanError) -> CheckedFile:
    """What there is to say of a config that cannot be read."""
    return CheckedFile(name, {}, (finding_of(error),))


def check_reading(reading: Reading, selection: Selection, path_of: PathOf = no_path) -> CheckedFile:
    """The same of a file that was read."""
    documents = {document.name: document for document in reading.documents.values()}
    subject, name = reading.subject.replaced(whole_file=True), reading.file.name
    paths = {one: path_of(one) for one in documents}
    judged = judge(subject, reading.dialect.name)
    found = [finding for finding in judged if selection.takes(finding.id, paths[finding.file or name])]
    accepted = {one: AcceptedFindings(ignore_comments(document)) for one, document in documents.items()}
    kept = [finding for finding in found if not accepted[finding.file or name].accept(finding)]
    order = {one: number for number, one in enumerate(documents)}
    kept.sort(key=lambda finding: (order[finding.file or name], finding.place or (0, 0, 0), finding.id))
    findings = tuple(finding if _can_be_fixed(reading, finding.fix) else finding._replace(fix=None) for finding in kept)
    return CheckedFile(name, documents, findings, ignored=len(found) - len(kept), shape_of=reading.dialect.shape_of)


def _can_be_fixed(reading: Reading, fix: Fix | None) -> bool:
    """Whether the edit touches the one place only: a value with an anchor may be used elsewhere."""
    if fix is None:
        return True
    try:
        edits_of(reading.documents[reading.role_of(fix.file)], fix.changes)
    except DocumentError:
        return False
    return True
