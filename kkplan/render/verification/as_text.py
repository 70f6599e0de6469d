"""A verification as text: the result at each place, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from kkplan import __version__
from kkplan.cluster.site import Site
from kkplan.locale import T, Text, named
from kkplan.render.format import OutputOptions
from kkplan.render.style import BOLD, DIM, GREEN, RED, YELLOW, padded, painted, wrapped
from kkplan.render.verification import VerificationFormat
from kkplan.shown import shown
from kkplan.verification.check import Outcome, Verified
from kkplan.verification.probe import host_port
from kkplan.verification.watch import Watch, WatchedOutage

_MARKS = {
    Outcome.OK: ("ok", GREEN),
    Outcome.WARNING: ("warn", YELLOW),
    Outcome.FAILED: ("FAIL", RED),
    Outcome.SKIPPED: ("skip", DIM),
}

_HANGING = 7  # cells before the further lines of a result, below its text


def report_text(verified: Sequence[Verified], options: OutputOptions) -> str:
    """A line for each place, with its hint below it."""
    lines = []
    width = max((len(shown(seen.target)) for one in verified for seen in one.seen), default=0)
    for one in verified:
        lines.append(painted(str(one.check.title), BOLD, colour=options.colour))
        for seen in one.seen:
            word, colour = _MARKS[seen.outcome]
            mark = painted(padded(word, 4), colour, colour=options.colour)
            lines.append(wrapped(f"  {mark} {padded(shown(seen.target), width)}  {seen.what}", options.width, _HANGING))
            if seen.advice is not None:
                lines.append(wrapped(f"       -> {seen.advice}", options.width, _HANGING + 3))
    return "".join(f"{line}\n" for line in lines)


def watching_text(site: Site, asks: bool, timeout: float, options: OutputOptions) -> str:
    """What the probes test, so that an open port is not mistaken for an API server."""
    values: dict[str, object] = {"target": host_port(site.address, site.port), "timeout": timeout}
    text = (
        T(
            "Watching {target}: requesting /readyz over TLS five times a second, timeout {timeout} s. Cause a "
            "failure now; Ctrl-C stops",
            **values,
        )
        if asks
        else T(
            "Watching {target}: this tests only the TCP port, five times a second, timeout {timeout} s. It reaches "
            "the load balancer, not the API servers (--after-install requests those). Cause a failure now; Ctrl-C "
            "stops",
            **values,
        )
    )
    return wrapped("\n" + painted(f"{text}\n", BOLD, colour=options.colour), options.width)


def outage_text(began: datetime, outage: WatchedOutage, options: OutputOptions) -> str:
    """One outage in a line."""
    values: dict[str, object] = {
        "seconds": outage.seconds,
        "start": _clock(began, outage.began),
        "end": _clock(began, outage.began + outage.seconds),
        "failed": outage.failed,
    }
    text = (
        T("{start} to {end}: no answer for {seconds:.1f} s; {failed} probes failed", **values)
        if outage.ended
        else T("from {start} to the end: no answer for {seconds:.1f} s; {failed} probes failed", **values)
    )
    return painted(wrapped(f"  {text}\n", options.width), YELLOW if outage.ended else RED, colour=options.colour)


def _clock(began: datetime, seconds: float) -> str:
    """The time of day in tenths of a second: outages are often shorter than a second."""
    return (began + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")[11:21]


def summary_text(site: Site, verified: Sequence[Verified], watch: Watch | None, options: OutputOptions) -> str:
    """The result, in a line or two."""
    seen = [seen.outcome for one in verified for seen in one.seen]
    failed, warned = seen.count(Outcome.FAILED), seen.count(Outcome.WARNING)
    about = T(
        "{time}, kkplan {version}, {endpoint}.",
        time=named(datetime.now().astimezone().isoformat(" ", "seconds")),
        version=named(__version__),
        endpoint=_endpoint(site),
    )
    lines = [painted(str(about), DIM, colour=options.colour)]
    if watch is not None:
        lines.append(painted(str(_watched(watch)), BOLD, colour=options.colour))
        if watch.answer_times:
            times = T(
                "Response time: median {p50:.0f} ms, 99th percentile {p99:.0f} ms, maximum {longest:.0f} ms.",
                p50=watch.answer_time(0.5) * 1000,
                p99=watch.answer_time(0.99) * 1000,
                longest=watch.answer_time(1) * 1000,
            )
            lines.append(str(times))
    if seen:
        counts: dict[str, object] = {"ok": seen.count(Outcome.OK), "warned": warned, "failed": failed}
        skipped = seen.count(Outcome.SKIPPED)
        text = (
            T("{ok} ok, {warned} warnings, {failed} errors, {skipped} skipped.", skipped=skipped, **counts)
            if skipped
            else T("{ok} ok, {warned} warnings, {failed} errors.", **counts)
        )
        colour = RED if failed else YELLOW if warned else GREEN
        lines.append(painted(str(text), BOLD, colour, colour=options.colour))
    return "\n" + "".join(f"{wrapped(line, options.width)}\n" for line in lines)


def _endpoint(site: Site) -> Text:
    if not site.address:
        return T("endpoint {domain}, port {port}", domain=site.domain, port=site.port)
    target = host_port(site.address, site.port)
    if site.domain in ("", site.address):
        return T("endpoint {target}", target=target)
    return T("endpoint {domain} at {target}", domain=site.domain, target=target)


def _watched(watch: Watch) -> Text:
    values: dict[str, object] = {"seconds": watch.seconds, "probes": watch.probes}
    if watch.probes and not watch.outages:
        slowest = watch.answer_time(1)
        return T(
            "Watched for {seconds:.0f} s: {probes} probes, none failed; slowest answer {slowest:.2f} s.",
            slowest=slowest,
            **values,
        )
    return T(
        "Watched for {seconds:.0f} s: {probes} probes, {failed} failed. Outages: {outages}, longest {longest:.1f} s.",
        failed=sum(outage.failed for outage in watch.outages),
        outages=len(watch.outages),
        longest=max((outage.seconds for outage in watch.outages), default=0.0),
        **values,
    )


FORMAT = VerificationFormat("text", report_text, watching_text, outage_text, summary_text)
