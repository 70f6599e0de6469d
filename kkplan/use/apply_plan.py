"""Carry a plan out: the files first, the config last, and both or neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kkplan.disk.bundle_folder import parents_made, put_back, real_folder, staged_bundle
from kkplan.disk.config_file import ConfigFile, real_config, refuse_changed, refuse_inside, staged_config
from kkplan.disk.lock import locked
from kkplan.disk.temporary import ASIDE, leftovers, remove
from kkplan.errors import KkplanError
from kkplan.locale import T
from kkplan.plan.finding import Severity
from kkplan.plan.plan import Plan


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
    if errors:
        raise KkplanError(
            T(
                "the plan has errors ({ids}), so nothing was written. Mend them first",
                ids=", ".join(sorted({error.id for error in errors})),
            ),
            file=plan.config_name,
            line=errors[0].line,
        )


def apply_plan(plan: Plan, file: ConfigFile, now: datetime, stop: Callable[[], None] = lambda: None) -> Applied:
    """Write what the plan says. After a failure everything is as it was, but for what the error says.

    Args:
        stop: raises when the user has interrupted kkplan; asked before the first file is replaced, never later.

    Raises:
        DiskError: something could not be written, or was changed by someone else.
    """
    refuse_errors(plan)
    with (
        _alone(plan, file, stop),
        staged_bundle(Path(plan.output_dir), plan.files, now) as bundle,
        staged_config(file, plan.after, now) if plan.edits and not file.is_stdin else nullcontext() as config,
    ):
        refuse_changed(file)
        stop()
        if bundle is not None:
            bundle.commit()
        if config is not None:
            try:
                config.commit()
            except BaseException:
                if bundle is not None:
                    bundle.roll_back()
                raise
            config.make_durable()
        return Applied(
            backup=config.backup if config is not None else None,
            file_backups=bundle.backups if bundle is not None else (),
            other_names=config.other_names if config is not None else 0,
        )


@contextmanager
def _alone(plan: Plan, file: ConfigFile, stop: Callable[[], None]) -> Iterator[None]:
    """Keep other kkplans out, and clear away what killed ones have left.

    Raises:
        DiskError: the config lies in the output folder, or another kkplan does not finish.
    """
    output = real_folder(Path(plan.output_dir))
    targets = [output] if plan.files else []
    if not file.is_stdin:
        if plan.files:
            refuse_inside(file, output)
        targets.append(real_config(file))
    with (
        parents_made(output) if plan.written_files else nullcontext(),
        locked({target.parent for target in targets}, stop) as is_alone,
    ):
        for target in targets if is_alone else ():
            for leftover in leftovers(target):
                if leftover.name.endswith(ASIDE):
                    put_back(output, leftover)
                else:
                    remove(leftover)
        yield
