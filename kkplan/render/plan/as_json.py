"""A plan as JSON, in English whatever the language: for programs, and for a plan that is saved and applied later."""

from __future__ import annotations

from kkplan.plan.plan import Plan
from kkplan.render.format import OutputOptions
from kkplan.render.plan import PlanFormat
from kkplan.use.apply_plan import Applied
from kkplan.use.plan_data import plan_data
from kkplan.visible import json_text


def plan_json(plan: Plan, options: OutputOptions) -> str:
    """The plan as a JSON document."""
    return json_text(plan_data(plan))


def applied_json(plan: Plan, applied: Applied, options: OutputOptions) -> str:
    """The plan and its result."""
    result = {
        "applied": True,
        "backup": str(applied.backups[plan.config.name]) if plan.config.name in applied.backups else None,
        "backupsBeside": {
            config.role: str(applied.backups[config.name])
            for config in plan.configs[1:]
            if config.name in applied.backups
        },
        "fileBackups": list(applied.file_backups),
    }
    return json_text({**plan_data(plan), "result": result})


FORMAT = PlanFormat("json", plan_json, applied_json)
