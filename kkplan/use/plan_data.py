"""A plan as JSON values: the form of a saved plan. Of a config it holds the edited values only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from zlib import crc32

from kkplan import __version__
from kkplan.cluster.backend import Backend
from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.cluster.site import Site, SiteMachine, site_of
from kkplan.plan.finding import Finding
from kkplan.plan.plan import PLAN_VERSION, Plan, PlannedConfig
from kkplan.schema.mask import masked_lines
from kkplan.shown import shown, shown_data, shown_node


def plan_data(plan: Plan, place_of: Callable[[str], str] = str) -> dict[str, Any]:
    """The plan; the form is schemas/plan.schema.json.

    Args:
        place_of: the path of a file or folder as the plan is to have it, by its name.
    """
    findings = [finding_data(finding, plan.config.name) | {"fixed": finding.fixed} for finding in plan.findings]
    return {
        "version": PLAN_VERSION,
        "kkplan": __version__,
        "config": _file_data(plan.config, place_of),
        "beside": {config.role: _file_data(config, place_of) for config in plan.configs[1:]},
        "mode": plan.mode,
        "answers": {name: list(answer) if isinstance(answer, tuple) else answer for name, answer in plan.answers},
        "language": plan.language,
        "outputDir": place_of(plan.output_dir),
        "changes": plan.changes_anything,
        "edits": [
            {
                "file": place_of(config.name),
                "path": list(edit.path),
                "line": edit.line,
                "before": shown_data(edit.before),
                "after": edit.after,
            }
            for config in plan.configs
            for edit in config.edits
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
        "findings": [{**finding, "file": place_of(finding["file"])} for finding in findings],
        "site": _site_data(site_of(plan.cluster, plan.effective_after, plan.lb_hosts)),
        "effective": {
            "before": effective_data(plan.effective_before),
            "after": effective_data(plan.effective_after),
        },
    }


def _file_data(config: PlannedConfig, place_of: Callable[[str], str]) -> dict[str, str]:
    fingerprints = line_fingerprints(masked_lines(config.before, config.shape_of))
    return {"path": place_of(config.name), "sha256": config.before.sha256, "lines": " ".join(fingerprints)}


def line_fingerprints(masked: Iterable[str]) -> list[str]:
    """A short checksum of each masked line, to find changed lines later."""
    return [f"{crc32(line.encode()):08x}" for line in masked]


def finding_data(finding: Finding, config_name: str) -> dict[str, Any]:
    """A finding as JSON values; one about no place is about the config."""
    return {
        "file": finding.file or config_name,
        "id": finding.id,
        "severity": finding.severity.value,
        "message": finding.message.english,
        "advice": finding.advice.english,
        "line": finding.line,
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
        "hostsEntries": [
            {"node": shown_node(entry.node), "addresses": shown_data(entry.addresses)} for entry in site.hosts_entries
        ],
    }


def _machines(machines: Iterable[Backend | SiteMachine]) -> list[dict[str, str]]:
    return [{"name": shown_node(machine.name), "address": shown(machine.address)} for machine in machines]


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
