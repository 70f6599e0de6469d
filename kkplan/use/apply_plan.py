"""Carry a plan out: the files first, the config last, and both or neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kkplan.disk.bundle_folder import staged_bundle
from kkplan.disk.config_file import ConfigFile, staged_config
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
    """

    backup: Path | None
    file_backups: tuple[str, ...]


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


def apply_plan(plan: Plan, file: ConfigFile, now: datetime) -> Applied:
    """Write what the plan says. After a failure everything is as it was.

    Raises:
        DiskError: something could not be written, or the config was changed by someone else.
    """
    refuse_errors(plan)
    with staged_bundle(Path(plan.output_dir), plan.files, now) as bundle:
        backup = None
        if plan.edits and not file.is_stdin:
            with staged_config(file, plan.after.data) as config:
                if bundle is not None:
                    bundle.commit()
                try:
                    backup = config.commit(now)
                except BaseException:
                    if bundle is not None:
                        bundle.roll_back()
                    raise
        elif bundle is not None:
            bundle.commit()
        return Applied(backup, bundle.backups if bundle is not None else ())
