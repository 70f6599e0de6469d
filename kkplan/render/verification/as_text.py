"""A verification for a person: what was seen at each place, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from kkplan.locale import T
from kkplan.render.format import Look
from kkplan.render.style import BOLD, DIM, GREEN, RED, YELLOW, padded, painted, printable
from kkplan.render.verification import VerificationFormat
from kkplan.verification.check import Outcome, Verified
from kkplan.verification.site import Site
from kkplan.verification.watch import Watch, WatchedOutage

_MARKS = {
    Outcome.OK: ("ok", GREEN),
    Outcome.WARNING: ("warn", YELLOW),
    Outcome.FAILED: ("FAIL", RED),
    Outcome.SKIPPED: ("-", DIM),
}


def report_text(site: Site, verified: Sequence[Verified], look: Look) -> str:
    """A line for each place, with the advice below it."""
    lines = []
    width = max((len(seen.target) for it in verified for seen in it.seen), default=0)
    for it in verified:
        lines.append(painted(str(it.check.title), BOLD, colour=look.colour))
        for seen in it.seen:
            word, colour = _MARKS[seen.outcome]
            mark = painted(padded(word, 4), colour, colour=look.colour)
            lines.append(f"  {mark} {padded(printable(seen.target), width)}  {printable(str(seen.what))}")
            if seen.advice is not None:
                lines.append(f"       -> {printable(str(seen.advice))}")
    return "".join(f"{line}\n" for line in lines)


def outage_text(outage: WatchedOutage, look: Look) -> str:
    """One outage in a line."""
    text = (
        T("no answer for {seconds:.1f} s, from second {began:.1f} on; {failed} probes failed", **_values(outage))
        if outage.ended
        else T(
            "no answer any more, for {seconds:.1f} s from second {began:.1f} on; {failed} probes failed",
            **_values(outage),
        )
    )
    return painted(f"  {text}\n", YELLOW if outage.ended else RED, colour=look.colour)


def _values(outage: WatchedOutage) -> dict[str, object]:
    return {"seconds": outage.seconds, "began": outage.began, "failed": outage.failed}


def summary_text(site: Site, verified: Sequence[Verified], watch: Watch | None, look: Look) -> str:
    """How it came out, in a line or two."""
    seen = [seen.outcome for it in verified for seen in it.seen]
    failed, warned = seen.count(Outcome.FAILED), seen.count(Outcome.WARNING)
    lines = []
    if watch is not None:
        longest = max((outage.seconds for outage in watch.outages), default=0.0)
        text = T(
            "Watched for {seconds:.0f} s: {probes} probes, {outages} outages, the longest {longest:.1f} s.",
            seconds=watch.seconds,
            probes=watch.probes,
            outages=len(watch.outages),
            longest=longest,
        )
        lines.append(painted(str(text), BOLD, colour=look.colour))
    if seen:
        text = T(
            "Seen: {ok} right, {warned} to look at, {failed} wrong.",
            ok=seen.count(Outcome.OK),
            warned=warned,
            failed=failed,
        )
        colour = RED if failed else YELLOW if warned else GREEN
        lines.append(painted(str(text), BOLD, colour, colour=look.colour))
    return "\n" + "".join(f"{line}\n" for line in lines)


FORMAT = VerificationFormat("text", report_text, outage_text, summary_text)
