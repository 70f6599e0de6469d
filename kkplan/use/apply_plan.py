"""Carry a plan out: the files one by one, the config last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kkplan.disk import DiskError, OutcomeError, disk_error, nothing_changed
from kkplan.disk.bundle_folder import BundleFolder, staged_files
from kkplan.disk.config_file import ConfigFile, StagedConfig, real_config, refuse_changed, refuse_inside, staged_config
from kkplan.disk.lock import locked
from kkplan.disk.output_folder import folders_made, real_folder
from kkplan.disk.owners import trusted_owners
from kkplan.disk.temporary import remove_leftovers
from kkplan.errors import KkplanError
from kkplan.locale import T
from kkplan.modes.mode import written_names
from kkplan.plan.finding import Severity
from kkplan.plan.plan import Plan
from kkplan.rules.kk202_unfit_folder import RULE as UNFIT_FOLDER


@dataclass(frozen=True)
class Applied:
    """What was written.

    Attributes:
        backup: the config as it was; None where the config did not change.
        file_backups: files of the output folder that kkplan did not write, as they were.
        other_names: hard links of the config, which still have the old contents.
    """

    backup: Path | None
    file_backups: tuple[str, ...]
    other_names: int = 0


def refuse_errors(plan: Plan) -> None:
    """Make sure that no error is left open.

    Raises:
        KkplanError: one is.
    """
    errors = plan.open_findings(Severity.ERROR)
    for error in errors:
        if error.id == UNFIT_FOLDER.id:
            raise OutcomeError(T("{reason}; nothing was changed", reason=error.message), advice=error.advice)
    if errors:
        raise KkplanError(
            T(
                "the plan has errors ({ids}), so nothing was written. Fix them first",
                ids=", ".join(sorted({error.id for error in errors})),
            ),
            file=plan.config_name,
            line=errors[0].line,
        )


@nothing_changed()
def apply_plan(plan: Plan, file: ConfigFile, now: datetime, stop: Callable[[], None] = lambda: None) -> Applied:
    """Write what the plan says; everything new is on the disk before the first file is replaced.

    Args:
        stop: raises when the user has interrupted kkplan; asked before the first file is replaced, never later.

    Raises:
        DiskError: something could not be written, or was changed by someone else. The config is as it was; so are the
            files, but for what the error says.
    """
    refuse_errors(plan)
    owners = trusted_owners(file.owner)
    with (
        _exclusive(plan, file, stop) as is_alone,
        staged_files(Path(plan.output_dir), plan.files, written_names(), owners, now, is_alone=is_alone) as files,
        staged_config(file, plan.after, now) if plan.edits and not file.is_stdin else nullcontext() as config,
    ):
        refuse_changed(file)
        stop()
        if files is not None:
            files.commit()
        if config is not None:
            _replace_config(config, files)
        return Applied(
            backup=config.backup if config is not None else None,
            file_backups=tuple(files.backups) if files is not None else (),
            other_names=config.other_names if config is not None else 0,
        )


def _replace_config(config: StagedConfig, files: BundleFolder | None) -> None:
    try:
        config.commit()
    except (OSError, DiskError) as error:
        if files is None:
            raise
        changed = T("someone else has changed the config just now")
        raise files.unfinished(error.strerror if isinstance(error, OSError) else changed) from None
    config.make_durable()


@contextmanager
def _exclusive(plan: Plan, file: ConfigFile, stop: Callable[[], None]) -> Iterator[bool]:
    """Make the output folder and keep other kkplans out; yields whether that could be done.

    Raises:
        DiskError: the config is in the output folder, which cannot be made, or another kkplan does not finish.
    """
    output = real_folder(Path(plan.output_dir))
    locks = {output} if plan.files else set()
    if not file.is_stdin:
        if plan.files:
            refuse_inside(file, output)
        locks.add(real_config(file).parent)
    try:
        with (
            folders_made((*reversed(output.parents), output)) if plan.written_files else nullcontext(),
            locked(locks, trusted_owners(file.owner), stop) as is_alone,
        ):
            if is_alone and not file.is_stdin:
                config = real_config(file)
                with suppress(OSError):
                    remove_leftovers(config.parent.iterdir(), lambda each: each == config)
            yield is_alone
    except OSError as error:
        raise disk_error(error, output) from None
