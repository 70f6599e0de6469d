"""Mend what a check found and no person has to decide, by the same exact edits that a plan makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from kkplan.cluster.config import ENDPOINT_PATH
from kkplan.disk import nothing_changed
from kkplan.disk.config_file import ConfigFile, real_config, refuse_changed, staged_config
from kkplan.disk.lock import locked
from kkplan.disk.owners import trusted_owners
from kkplan.document.edit import Piece, pieces_of, splice
from kkplan.document.parse import parse
from kkplan.document.setting import Setting
from kkplan.document.settings import plan_edits
from kkplan.document.verify import verify_edit
from kkplan.plan.finding import Finding
from kkplan.rules.selection import Selection
from kkplan.use.check_file import CheckedFile, check_file
from kkplan.use.make_plan import read

# Each round mends what the one before has uncovered; a fix that uncovers more than that is a bug.
MAX_ROUNDS = 5


def mend_file(
    file: ConfigFile, selection: Selection, now: datetime, path: str = "", stop: Callable[[], None] = lambda: None
) -> CheckedFile:
    """Mend, write the file with a backup beside it, and check it again; a file without such findings is left alone.

    Args:
        path: the file's path as the selection knows it.
        stop: raises when the user has interrupted kkplan; asked before the file is replaced, never later.

    Raises:
        KkplanError: the file could not be written, or a change did not come out as it should.
    """
    checked = check_file(file, selection, path)
    after = file
    mended: list[Finding] = []
    for _ in range(MAX_ROUNDS):
        fixed = [finding for finding in checked.findings if finding.fix is not None]
        if not fixed:
            break
        after = after._replace(data=_mended(after, fixed))
        mended += fixed
        checked = check_file(after, selection, path)
    if mended:
        _write(file, after.data, now, stop)
    return replace(checked, mended=tuple(mended))


def _mended(file: ConfigFile, findings: Iterable[Finding]) -> bytes:
    """The file with the findings mended, parsed again and compared with what it was."""
    config = read(file).config
    before = config.document
    settings: dict[str, Setting] = {}
    rewritten: dict[int, Piece] = {}
    for finding in findings:
        if finding.fix is not None:
            settings.update({setting.key: setting for setting in finding.fix.settings})
            rewritten.update({piece.start: piece for piece in finding.fix.pieces})
    edits = plan_edits(before, config.block, tuple(settings.values()))
    text = splice(before.text, sorted((*pieces_of(edits), *rewritten.values()), key=lambda piece: piece[:2]))
    after = parse(before.bom + text.encode(), before.name)
    verify_edit(before, after, config.root_number, ENDPOINT_PATH, tuple(settings.values()), rewritten=rewritten)
    return after.data


@nothing_changed()
def _write(file: ConfigFile, data: bytes, now: datetime, stop: Callable[[], None]) -> None:
    owners = trusted_owners(file.owner)
    with locked({real_config(file).parent}, owners, stop), staged_config(file, data, now) as staged:
        refuse_changed(file)
        stop()
        staged.commit()
        staged.make_durable()
