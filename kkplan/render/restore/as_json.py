"""A restore as JSON, in English whatever the language; its form is schemas/restore.schema.json. It holds no secret."""

from __future__ import annotations

from typing import Any

from kkplan import __version__
from kkplan.disk.config_file import Replaced
from kkplan.render.format import OutputOptions
from kkplan.render.restore import RestoreFormat, restore_diff
from kkplan.use.plan_data import effective_data
from kkplan.use.restore_config import Contents, KnownBackup, Restoration
from kkplan.visible import json_text, visible

RESTORE_VERSION = 1


def _data(restoration: Restoration) -> dict[str, Any]:
    return {
        "version": RESTORE_VERSION,
        "kkplan": __version__,
        "config": restoration.file.name,
        **_endpoint(restoration.today),
        "backups": [
            {"file": backup.path.name, "made": backup.made.isoformat(), **_endpoint(backup)}
            for backup in restoration.backups
        ],
        "passedOver": [{"file": error.file, "reason": error.reason.english} for error in restoration.passed_over],
        "chosen": None,
        "diff": None,
        "result": None,
    }


def _endpoint(one: Contents | KnownBackup) -> dict[str, Any]:
    return {
        "endpoint": None if one.effective is None else effective_data(one.effective),
        "problem": None if one.problem is None else one.problem.message.english,
    }


def _chosen(restoration: Restoration) -> dict[str, Any]:
    diff = visible("".join(restore_diff(restoration)))
    return {**_data(restoration), "chosen": restoration.chosen.path.name, "diff": diff}


def backups_json(restoration: Restoration, options: OutputOptions) -> str:
    """The list as a JSON document."""
    return json_text(_data(restoration))


def proposed_json(restoration: Restoration, options: OutputOptions) -> str:
    """The list and the diff."""
    return json_text(_chosen(restoration))


def restored_json(restoration: Restoration, replaced: Replaced, options: OutputOptions) -> str:
    """The list, the diff and the result."""
    result = {"restored": True, "backup": str(replaced.backup)}
    return json_text({**_chosen(restoration), "result": result})


FORMAT = RestoreFormat("json", backups_json, proposed_json, restored_json)
