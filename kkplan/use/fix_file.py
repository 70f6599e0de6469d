"""Fix the findings that have only one right answer, with the same exact edits as a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from kkplan.disk.config_file import ConfigFile, replace_config
from kkplan.document.change import Change, change_document
from kkplan.plan.dialect import CONFIG
from kkplan.plan.finding import Finding
from kkplan.rules.selection import Selection
from kkplan.use.check_file import CheckedFile, check_file
from kkplan.use.read import read

# Each round fixes what the one before has uncovered; more rounds mean a bug.
MAX_ROUNDS = 5


def fix_file(
    file: ConfigFile, selection: Selection, now: datetime, path: str = "", stop: Callable[[], None] = lambda: None
) -> CheckedFile:
    """Fix, write the file with a backup beside it, and check it again; a file without such findings is not changed.

    Args:
        path: the file's path as the selection knows it.
        stop: raises when the user has interrupted kkplan; asked before the file is replaced, never later.

    Raises:
        KkplanError: the file could not be written, or a change did not come out as it should.
    """
    checked = check_file(file, selection, path)
    after = file
    fixed: list[Finding] = []
    for _ in range(MAX_ROUNDS):
        found = [finding for finding in checked.findings if finding.fix is not None]
        if not found:
            break
        after = after._replace(data=_fixed(after, found))
        fixed += found
        checked = check_file(after, selection, path)
    if fixed:
        replace_config(file, after.data, now, stop)
    return replace(checked, fixed=tuple(fixed))


def _fixed(file: ConfigFile, findings: Iterable[Finding]) -> bytes:
    """The file with the findings fixed, parsed again and compared with what it was."""
    document = read(file).documents[CONFIG]
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    changes: dict[tuple[str, ...], Change] = {}
    for change in (change for fix in fixes for change in fix.changes):
        path = change.block.path
        known = {setting.key: setting for setting in changes[path].settings} if path in changes else {}
        known |= {setting.key: setting for setting in change.settings}
        changes[path] = change._replace(settings=tuple(known.values()))
    pieces = {piece.start: piece for fix in fixes for piece in fix.pieces}
    return change_document(document, tuple(changes.values()), tuple(pieces.values())).data
