"""Apply a plan: the files one by one, the config last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kkplan.disk import OutcomeError, disk_error, nothing_changed
from kkplan.disk.bundle_folder import staged_files
from kkplan.disk.config_file import (
    ConfigFile,
    commit_all,
    real_config,
    refuse_changed,
    refuse_inside,
    remove_config_leftovers,
    staged_config,
)
from kkplan.disk.lock import locked
from kkplan.disk.output_folder import folders_made, real_folder
from kkplan.disk.owners import trusted_owners
from kkplan.errors import KkplanError
from kkplan.locale import T
from kkplan.modes.mode import written_names
from kkplan.plan.dialect import CONFIG
from kkplan.plan.finding import Severity
from kkplan.plan.plan import Plan
from kkplan.rules.kk202_unfit_folder import RULE as UNFIT_FOLDER


@dataclass(frozen=True)
class Applied:
    """What was written.

    Attributes:
        backups: name of a config that changed → the file with its old contents.
        file_backups: files of the output folder that kkplan did not write, as they were.
        other_names: hard links of the configs, which still have the old contents.
    """

    backups: Mapping[str, Path]
    file_backups: tuple[str, ...]
    other_names: int = 0


def refuse_errors(plan: Plan) -> None:
    """Refuse a plan with open errors."""
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
            file=errors[0].file or plan.config.name,
            line=errors[0].line,
        )


@nothing_changed()
def apply_plan(
    plan: Plan, files: Mapping[str, ConfigFile], now: datetime, stop: Callable[[], None] = lambda: None
) -> Applied:
    """Write what the plan says; everything new is on the disk before the first file is replaced.

    Args:
        files: role → the file as it was read.
        stop: raises when the user has interrupted kkplan; asked before the first file is replaced, never later.

    Raises:
        DiskError: something could not be written, or was changed by someone else. The config is as it was; so are the
            files, but for what the error says.
    """
    refuse_errors(plan)
    owners = trusted_owners(files[CONFIG].owner)
    on_disk = {role: file for role, file in files.items() if not file.is_stdin}
    changed = [config for config in plan.configs if config.edits and config.role in on_disk]
    with (
        _exclusive(plan, tuple(on_disk.values()), owners, stop) as is_exclusive,
        staged_files(
            Path(plan.output_dir), plan.files, written_names(), owners, now, is_exclusive=is_exclusive
        ) as bundle,
        ExitStack() as stack,
    ):
        staged = [stack.enter_context(staged_config(on_disk[one.role], one.after, now)) for one in changed]
        for file in on_disk.values():
            refuse_changed(file)
        stop()
        if bundle is not None:
            bundle.commit()
        commit_all(staged, bundle.unfinished if bundle is not None else None)
        return Applied(
            backups={one.name: config.backup for one, config in zip(changed, staged, strict=True)},
            file_backups=tuple(bundle.backups) if bundle is not None else (),
            other_names=sum(config.other_names for config in staged),
        )


@contextmanager
def _exclusive(
    plan: Plan, files: Sequence[ConfigFile], owners: frozenset[int], stop: Callable[[], None]
) -> Iterator[bool]:
    """Create and lock the output folder; yields whether it could be locked.

    Raises:
        DiskError: the config is in the output folder, which cannot be made, or another kkplan does not finish.
    """
    output = real_folder(Path(plan.output_dir))
    locks = {output} if plan.files else set()
    for file in files:
        if plan.files:
            refuse_inside(file, output)
        locks.add(real_config(file).parent)
    try:
        with (
            folders_made((*reversed(output.parents), output)) if plan.written_files else nullcontext(),
            locked(locks, owners, stop) as is_exclusive,
        ):
            for config in map(real_config, files if is_exclusive else ()):
                remove_config_leftovers(config)
            yield is_exclusive
    except OSError as error:
        raise disk_error(error, output) from None
