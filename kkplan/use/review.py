"""What is reviewed before a change: a saved plan, derived anew, and what was rehearsed and verified of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from kkplan.disk import DiskError
from kkplan.disk.backups import backups_of
from kkplan.disk.config_file import ConfigFile, read_config, real_config
from kkplan.disk.owners import trusted_owners
from kkplan.errors import KkplanError
from kkplan.locale import T, Text, named
from kkplan.plan.plan import FileAction, Plan
from kkplan.use.read import Reading
from kkplan.use.saved_plan import SavedPlan, read_planned_config, read_saved_plan, refuse_config, replan
from kkplan.use.schemas import schema_problem


class Evidence(NamedTuple):
    """A report of kkplan that belongs to the plan.

    Attributes:
        name: the file, as the user named it.
        sha256: of its bytes.
        data: the JSON document, valid by its schema.
    """

    name: str
    sha256: str
    data: Mapping[str, Any]


class Review(NamedTuple):
    """A plan and all that is known of it.

    Attributes:
        file: the saved plan, as the user named it.
        sha256: of the bytes of the saved plan.
        made_by: the version of kkplan that saved it.
        reading: the config as it was planned for, with the files beside it.
        is_applied: the config is as planned already.
    """

    plan: Plan
    file: str
    sha256: str
    made_by: str
    reading: Reading
    is_applied: bool
    rehearsal: Evidence | None = None
    verification: Evidence | None = None


def make_review(file: str, rehearsal: str | None = None, verification: str | None = None) -> Review:
    """The review of a saved plan. Writes nothing.

    Args:
        rehearsal: the file with what `kkplan rehearse --format json` printed.
        verification: the file with what `kkplan verify --format json` printed.

    Raises:
        KkplanError: the plan no longer fits its config, or a report is of something else.
    """
    data = read_config(file, or_plan=True).data
    refuse_config(data, file)
    saved = read_saved_plan(Path(file), data)
    config = read_planned_config(saved)
    planned_for = _as_planned_for(saved, config)
    reading, plan = replan(saved, file=planned_for)
    return Review(
        plan=plan,
        file=file,
        sha256=sha256(data).hexdigest(),
        made_by=str(saved.data["kkplan"]),
        reading=reading,
        is_applied=config.data == plan.config.after,
        rehearsal=None if rehearsal is None else _rehearsal_of(plan, rehearsal),
        verification=None if verification is None else _verification_of(saved, verification),
    )


def _as_planned_for(saved: SavedPlan, config: ConfigFile) -> ConfigFile:
    """The config that the plan was made for: as it is, or its backup, once the plan was applied."""
    wanted = saved.data["config"]["sha256"]
    if config.is_stdin or sha256(config.data).hexdigest() == wanted:
        return config
    for backup in backups_of(real_config(config), trusted_owners(config.owner)):
        if not isinstance(backup, DiskError) and sha256(backup.data).hexdigest() == wanted:
            return config._replace(data=backup.data)
    return config


def _rehearsal_of(plan: Plan, name: str) -> Evidence:
    evidence = _evidence(
        name,
        "rehearsal",
        T("not a rehearsal report of kkplan. Make one: kkplan rehearse PLANFILE --format json > FILE"),
    )
    planned = {
        file.artifact.path: sha256(file.artifact.content.encode()).hexdigest()
        for file in plan.files
        if file.action is not FileAction.REMOVE
    }
    other = [file["path"] for file in evidence.data["files"] if planned.get(file["path"]) != file["sha256"]]
    if other or not evidence.data["files"]:
        raise KkplanError(
            T(
                "the rehearsal ran other files than the plan's ({files}). Run it again: kkplan rehearse PLANFILE --format json",
                files=named(", ".join(other) or "-"),
            ),
            file=name,
        )
    return evidence


def _verification_of(saved: SavedPlan, name: str) -> Evidence:
    evidence = _evidence(
        name,
        "verification",
        T("not a verification report of kkplan. Make one: kkplan verify PLANFILE --format json > FILE"),
    )
    site = saved.site
    planned = {"address": site.address, "domain": site.domain, "port": site.port}
    if evidence.data["endpoint"] != planned:
        raise KkplanError(
            T(
                "the verification is of another endpoint than the plan's. Run it again: kkplan verify PLANFILE --format json"
            ),
            file=name,
        )
    return evidence


def _evidence(name: str, schema: str, other: Text) -> Evidence:
    data = read_config(name, schema).data
    try:
        content = json.loads(data)
        problem = schema_problem(content, schema)
    except (ValueError, RecursionError):
        raise KkplanError(other, file=name) from None
    if problem is not None:
        raise KkplanError(T("{reason}: {problem}", reason=other, problem=problem), file=name)
    return Evidence(name, sha256(data).hexdigest(), content)
