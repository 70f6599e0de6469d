"""Fix the findings that have only one right answer, with the same exact edits as a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from kkplan.disk.config_file import ConfigFile, replace_configs
from kkplan.document.change import Change, change_document
from kkplan.document.parse import Document
from kkplan.errors import KkplanError, UsageError
from kkplan.plan.finding import Finding
from kkplan.plan.fix import Fix
from kkplan.rules.selection import Selection
from kkplan.use.check_file import CheckedFile, PathOf, check_reading, no_path, unreadable_file
from kkplan.use.read import NamedFiles, Reading, read, with_data

# Each round fixes what the one before has uncovered; more rounds mean a bug.
MAX_ROUNDS = 5


def fix_file(
    file: ConfigFile,
    selection: Selection,
    now: datetime,
    path_of: PathOf = no_path,
    beside: NamedFiles | None = None,
    stop: Callable[[], None] = lambda: None,
) -> CheckedFile:
    """Fix, write the files with a backup beside each, and check them again; files without such findings are not changed.

    Args:
        stop: raises when the user has interrupted kkplan; asked before the first file is replaced, never later.

    Raises:
        UsageError: a file was named for a role that the config's KubeKey does not have.
        KkplanError: a file could not be written, or a change did not come out as it should.
    """
    try:
        before = read(file, beside)
    except UsageError:
        raise
    except KkplanError as error:
        return unreadable_file(file.name, error)
    reading = before
    checked = check_reading(reading, selection, path_of)
    fixed: list[Finding] = []
    for _ in range(MAX_ROUNDS):
        found = [finding for finding in checked.findings if finding.fix is not None]
        if not found:
            break
        reading = with_data(reading, _fixed(reading, found))
        fixed += found
        checked = check_reading(reading, selection, path_of)
    changed = {role: (before.files[role], file.data) for role, file in reading.files.items()}
    replace_configs([pair for pair in changed.values() if pair[0].data != pair[1]], now, stop)
    return replace(checked, fixed=tuple(fixed))


def _fixed(reading: Reading, findings: Iterable[Finding]) -> dict[str, bytes]:
    """Role → the file with the findings fixed, parsed again and compared with what it was."""
    fixes: dict[str, list[Fix]] = {}
    for finding in findings:
        if finding.fix is not None:
            fixes.setdefault(reading.role_of(finding.fix.file), []).append(finding.fix)
    return {role: _fixed_document(reading.documents[role], own) for role, own in fixes.items()}


def _fixed_document(document: Document, fixes: Sequence[Fix]) -> bytes:
    """Where two fixes set one key, the later one counts."""
    settings: dict[tuple[object, ...], Change] = {}
    for change in (change for fix in fixes for change in fix.changes):
        for setting in change.settings:
            item = setting.value if setting.is_item else None
            settings[change.root, change.path, setting.key, item] = change._replace(settings=(setting,))
    pieces = {piece.start: piece for fix in fixes for piece in fix.pieces}
    return change_document(document, tuple(settings.values()), tuple(pieces.values())).data
