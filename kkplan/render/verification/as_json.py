"""A verification as JSON, in English whatever the language; its form is schemas/verification.schema.json."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kkplan import __version__
from kkplan.cluster.site import Site
from kkplan.render.format import OutputOptions, nothing
from kkplan.render.verification import VerificationFormat
from kkplan.shown import shown, shown_data
from kkplan.verification.check import Observation, Outcome, Verified
from kkplan.verification.watch import Watch
from kkplan.visible import json_text

VERIFICATION_VERSION = 1


def verification_data(site: Site, verified: Sequence[Verified], watch: Watch | None, ended: datetime) -> dict[str, Any]:
    """The verification as JSON values; times are seconds."""
    seen = [seen.outcome for one in verified for seen in one.seen]
    return {
        "version": VERIFICATION_VERSION,
        "kkplan": __version__,
        "ended": _time(ended),
        "endpoint": shown_data({"address": site.address, "domain": site.domain, "port": site.port}),
        "ok": Outcome.FAILED not in seen and (watch is None or watch.answers_at_the_end),
        "checks": [{"name": one.check.name, "seen": [_seen_data(seen) for seen in one.seen]} for one in verified],
        "watch": None if watch is None else _watch_data(watch),
    }


def _seen_data(seen: Observation) -> dict[str, Any]:
    return {
        "outcome": seen.outcome.value,
        "target": shown(seen.target),
        "what": seen.what.english,
        "advice": None if seen.advice is None else seen.advice.english,
    }


def _watch_data(watch: Watch) -> dict[str, Any]:
    return {
        "began": _time(watch.began),
        "seconds": round(watch.seconds, 3),
        "asked": "readyz" if watch.asks else "port",
        "probes": watch.probes,
        "failed": sum(outage.failed for outage in watch.outages),
        "answerSeconds": {
            "p50": round(watch.answer_time(0.5), 4),
            "p99": round(watch.answer_time(0.99), 4),
            "longest": round(watch.answer_time(1), 4),
        },
        "outages": [
            {
                "from": _time(watch.clock(outage.began)),
                "to": _time(watch.clock(outage.began + outage.seconds)) if outage.ended else None,
                "began": round(outage.began, 3),
                "seconds": round(outage.seconds, 3),
                "failed": outage.failed,
                "ended": outage.ended,
            }
            for outage in watch.outages
        ],
    }


def _time(moment: datetime) -> str:
    return moment.astimezone().isoformat(timespec="milliseconds")


def _summary(site: Site, verified: Sequence[Verified], watch: Watch | None, options: OutputOptions) -> str:
    return json_text(verification_data(site, verified, watch, datetime.now()))


FORMAT = VerificationFormat("json", nothing, nothing, nothing, _summary)
