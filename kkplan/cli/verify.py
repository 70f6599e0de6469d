"""`kkplan verify`: does the endpoint of a config work on the real machines?"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from kkplan.cli.apply import refuse_files_beside
from kkplan.cli.console import emit, report
from kkplan.cli.plan import terminal_options
from kkplan.cli.rehearse import check_number
from kkplan.cluster.site import Site, site_of
from kkplan.disk.config_file import STDIN, read_config
from kkplan.errors import EXIT_FAILED, EXIT_OK, Interrupted, KkplanError, UsageError
from kkplan.locale import T, named
from kkplan.render.format import OutputOptions
from kkplan.render.verification import VerificationFormat, verification_format
from kkplan.use.make_plan import planned_subject
from kkplan.use.read import read
from kkplan.use.saved_plan import SavedPlan, looks_like_plan, mode_of, read_planned, read_saved_plan
from kkplan.verification.check import Outcome, ProbeContext, Verified
from kkplan.verification.check import verify as run_checks
from kkplan.verification.watch import Watch, Watcher

WATCHES = range(1, 3601)
TIMEOUTS = range(1, 31)
PORTS = range(1, 65536)


def verify(
    target: str,
    after_install: bool = False,
    watch: int | None = None,
    timeout: int = 2,
    output_format: str = "text",
    beside: Mapping[str, str] | None = None,
    lang: str | None = None,
) -> int:
    """Look, and watch if asked to."""
    formatter = verification_format(output_format)
    check_number("--timeout", timeout, TIMEOUTS)
    if watch is not None:
        check_number("--watch", watch, WATCHES)
    site = site_in(target, beside)
    if not site.backends:
        raise KkplanError(T("no host is a control plane, so there is nothing to verify"), file=target)
    if site.port not in PORTS:
        raise KkplanError(
            T("the endpoint's port {port} is none. Ports go from 1 to 65535", port=site.port), file=target
        )
    if watch is not None and not site.address:
        raise UsageError(
            T("--watch needs an endpoint that can be seen from outside; here it is 127.0.0.1 on each node")
        )
    options = terminal_options(full=True)
    context = ProbeContext(site, timeout)
    verified = asyncio.run(run_checks(context, after_install=after_install))
    emit(formatter.report(site, verified, options))
    seen = None if watch is None else watch_for(watch, context, verified, formatter, options, asks=after_install)
    emit(formatter.summary(site, verified, seen, options))
    failed = any(found.outcome is Outcome.FAILED for check in verified for found in check.seen)
    if failed or (seen is not None and not seen.answers_at_the_end):
        return EXIT_FAILED
    return EXIT_OK


def watch_for(
    seconds: int,
    context: ProbeContext,
    verified: Sequence[Verified],
    formatter: VerificationFormat,
    options: OutputOptions,
    *,
    asks: bool,
) -> Watch:
    """Watch the endpoint, and tell of each outage as it ends.

    Raises:
        Interrupted: by Ctrl-C; what was seen until then has been told.
    """
    watcher = Watcher(context, asks=asks, tell=lambda outage: emit(formatter.outage(watcher.began, outage, options)))
    emit(formatter.watching(context.site, asks, context.timeout, options))
    try:
        asyncio.run(watcher.watch(seconds))
    except KeyboardInterrupt:
        emit(formatter.summary(context.site, verified, watcher.seen(), options))
        raise Interrupted(T("interrupted; this was seen until then")) from None
    return watcher.seen()


def site_in(target: str, beside: Mapping[str, str] | None = None) -> Site:
    """The site of a config or of a saved plan; the latter knows the LB servers, and needs no config beside it.

    Raises:
        KkplanError: it is neither.
    """
    file = read_config(target)
    if not looks_like_plan(file.data):
        reading = read(file, beside)
        return site_of(reading.subject.cluster, reading.effective)
    refuse_files_beside(beside)
    saved = read_saved_plan(Path(target), file.data)
    if not file.is_stdin and config_differs(saved):
        note = T(
            "note: {file} has other machines or another endpoint than the plan. The plan's are looked at; plan again",
            file=named(saved.config_name),
        )
        report(f"kkplan: {note}\n")
    return saved.site


def config_differs(saved: SavedPlan) -> bool:
    """Whether the plan's config is where it was, and describes another site by now, edits of the plan aside.

    Raises:
        SavedPlanError: the plan's own answers were edited so that they do not fit.
    """
    mode = mode_of(saved)
    if saved.config_name == STDIN:
        return False
    try:
        reading = read_planned(saved)
        planned = planned_subject(reading, mode, saved.answers)
        site = site_of(planned.cluster, reading.dialect.effective(planned), planned.lb_hosts or ())
        return site != saved.site
    except KkplanError:  # it is gone, or another file has its place; verify needs none
        return False
