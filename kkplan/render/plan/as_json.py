"""A plan as JSON, in English whatever the language: for programs, and for a plan that is saved and applied later.

Its form is schemas/plan.schema.json. It holds no line of the config but values of controlPlaneEndpoint.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zlib import crc32

from kkplan import __version__
from kkplan.cluster.backend import Backend
from kkplan.cluster.effective import EffectiveEndpoint
from kkplan.cluster.site import Site, SiteMachine, site_of
from kkplan.plan.finding import Finding
from kkplan.plan.plan import PLAN_VERSION, Plan
from kkplan.render.format import Look
from kkplan.render.mask import masked_lines
from kkplan.render.plan import PlanFormat
from kkplan.shown import shown, shown_data, shown_node
from kkplan.use.apply_plan import Applied
from kkplan.visible import json_text


def plan_data(plan: Plan) -> dict[str, Any]:
    """The plan as JSON values."""
    return {
        "version": PLAN_VERSION,
        "kkplan": __version__,
        "config": {
            "path": plan.config_name,
            "sha256": plan.before.sha256,
            "lines": " ".join(line_fingerprints(plan)),
        },
        "mode": plan.mode,
        "answers": {name: list(answer) if isinstance(answer, tuple) else answer for name, answer in plan.answers},
        "language": plan.language,
        "outputDir": plan.output_dir,
        "changes": plan.changes_anything,
        "edits": [
            {"path": list(edit.path), "line": edit.line, "before": shown_data(edit.before), "after": edit.after}
            for edit in plan.edits
        ],
        "files": [
            {
                "path": file.artifact.path,
                "mode": f"{file.artifact.mode:04o}",
                "action": file.action.value,
                "content": file.artifact.content,
            }
            for file in plan.files
        ],
        "findings": [_finding_data(finding) for finding in plan.findings],
        "site": _site_data(site_of(plan.cluster, plan.lb_hosts)),
        "effective": {
            "before": effective_data(plan.effective_before),
            "after": effective_data(plan.effective_after),
        },
    }


def line_fingerprints(plan: Plan) -> list[str]:
    """A short checksum of each line of the config with its secrets masked: tells later which lines were changed."""
    return [f"{crc32(line.encode()):08x}" for line in masked_lines(plan.before)]


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": finding.severity.value,
        "message": finding.message.english,
        "advice": finding.advice.english,
        "line": finding.line,
        "fixed": finding.fixed,
    }


def effective_data(effective: EffectiveEndpoint) -> dict[str, Any]:
    """The endpoint that kk would use, as JSON values."""
    return {
        "route": effective.route.value,
        "domain": shown(effective.domain),
        "address": shown(effective.address),
        "port": effective.port,
        "survivesOneMachine": effective.survives,
        "summary": effective.summary.english,
    }


def _site_data(site: Site) -> dict[str, Any]:
    return {
        "route": site.route.value,
        "address": shown(site.address),
        "domain": shown(site.domain),
        "port": site.port,
        "controlPlanes": _machines(site.backends),
        "lbServers": _machines(site.lb_servers),
        "haproxyWorkers": _machines(site.haproxy_workers),
    }


def _machines(machines: Iterable[Backend | SiteMachine]) -> list[dict[str, str]]:
    return [{"name": shown_node(machine.name), "address": shown(machine.address)} for machine in machines]


def _dumped(data: dict[str, Any]) -> str:
    return json_text(data)


def plan_json(plan: Plan, look: Look) -> str:
    """The plan as a JSON document."""
    return _dumped(plan_data(plan))


def applied_json(plan: Plan, applied: Applied) -> str:
    """The plan and what became of it."""
    result = {
        "applied": True,
        "backup": str(applied.backup) if applied.backup is not None else None,
        "fileBackups": list(applied.file_backups),
    }
    return _dumped({**plan_data(plan), "result": result})


FORMAT = PlanFormat("json", plan_json, applied_json)
