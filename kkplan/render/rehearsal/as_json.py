"""A rehearsal as JSON, in English whatever the language; its form is schemas/rehearsal.schema.json."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from kkplan import __version__
from kkplan.cluster.outage import Holding
from kkplan.rehearsal.rehearse import Status, StepResult
from kkplan.render.format import OutputOptions, nothing
from kkplan.render.rehearsal import Rehearsal, RehearsalFormat
from kkplan.visible import json_text

REHEARSAL_VERSION = 1


def rehearsal_data(rehearsal: Rehearsal) -> dict[str, Any]:
    """The rehearsal as JSON values; times are seconds from the step's beginning, rounded to milliseconds."""
    network, results = rehearsal.network, rehearsal.results
    return {
        "version": REHEARSAL_VERSION,
        "kkplan": __version__,
        "began": rehearsal.began.astimezone().isoformat(timespec="seconds"),
        "versions": rehearsal.versions._asdict(),
        "files": [
            {"path": file.path, "sha256": sha256(file.content.encode()).hexdigest()}
            for member in network.members
            for file in member.files
        ],
        "network": {
            "vip": network.vip.address,
            "prefix": network.vip.prefix,
            "port": network.port,
            "lbs": [
                {
                    "name": lb.name,
                    "address": lb.address,
                    "addressIsMadeUp": lb.has_made_up_address,
                    "nic": lb.nic,
                }
                for lb in network.members
            ],
            "backends": [{"name": b.name, "address": b.address, "port": b.port} for b in network.backends],
        },
        "survived": all(result.status is not Status.FAILED for result in results),
        "withinLimits": not any(result.status in (Status.FAILED, Status.OVER_LIMIT) for result in results),
        "degraded": any(result.is_degraded for result in results),
        "steps": [_step_data(result) for result in results],
    }


def _step_data(result: StepResult) -> dict[str, Any]:
    return {
        "scenario": result.scenario,
        "part": result.part,
        "run": result.run,
        "title": result.title.english,
        "watched": round(result.watched, 3),
        "outage": round(result.outage.seconds, 3),
        "outageBegan": round(result.outage.began, 3),
        "outageEnded": result.outage.ended,
        "requests": sum(request.started >= 0 for request in result.requests),
        "failed": result.failed,
        "cut": result.cut,
        "slowestAnswer": round(result.slowest_answer, 3),
        "vip": [_holding_data(holding) for holding in result.holdings],
        "vipShared": round(result.sharing.seconds, 3),
        "backends": {lb: dict(states) for lb, states in result.backends},
        "idleConnection": result.idle,
        "note": result.note.english if result.note is not None else None,
        "status": result.status.value,
        "problems": [problem.english for problem in result.problems],
    }


def _holding_data(holding: Holding) -> dict[str, Any]:
    until = None if holding.until is None else round(holding.until, 3)
    return {"lb": holding.lb, "since": round(holding.since, 3), "until": until}


def _summary(rehearsal: Rehearsal, options: OutputOptions) -> str:
    return json_text(rehearsal_data(rehearsal))


FORMAT = RehearsalFormat("json", nothing, nothing, nothing, _summary)
