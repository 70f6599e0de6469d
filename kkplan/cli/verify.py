"""`kkplan verify`: does the endpoint of a config work on the real machines?"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from pathlib import Path

import typer

from kkplan.cli.console import emit
from kkplan.cli.plan import terminal_look
from kkplan.cli.rehearse import check_number
from kkplan.cluster.site import Site, site_of
from kkplan.disk.config_file import read_config
from kkplan.errors import EXIT_FAILED, Interrupted, KkplanError, UsageError
from kkplan.locale import T
from kkplan.rehearsal.measurement import Request
from kkplan.render.verification import verification_format
from kkplan.use.make_plan import read
from kkplan.use.saved_plan import looks_like_plan, read_saved_plan
from kkplan.verification.check import Circumstances, Outcome
from kkplan.verification.check import verify as run_checks
from kkplan.verification.watch import Watch, watched
from kkplan.verification.watch import watch as run_watch

WATCHES = range(1, 3601)
TIMEOUTS = range(1, 31)


def verify(
    target: str,
    after_install: bool = False,
    watch: int | None = None,
    timeout: int = 2,
    output_format: str = "text",
    lang: str | None = None,
) -> None:
    """Look, and watch if asked to."""
    shape = verification_format(output_format)
    check_number("--timeout", timeout, TIMEOUTS)
    if watch is not None:
        check_number("--watch", watch, WATCHES)
    site = site_in(target)
    if not site.backends:
        raise KkplanError(T("no host is a control plane, so there is nothing to verify"), file=target)
    if watch is not None and not site.address:
        raise UsageError(
            T("--watch needs an endpoint that can be seen from outside; here it is 127.0.0.1 on each node")
        )
    look = terminal_look(full=True)
    circumstances = Circumstances(site, timeout)
    verified = asyncio.run(run_checks(circumstances, after_install=after_install))
    emit(shape.report(site, verified, look))
    seen: Watch | None = None
    if watch is not None:
        kept: list[Request] = []
        began, start = datetime.now(), time.monotonic()

        def so_far() -> Watch:
            return watched(kept, began, time.monotonic() - start, asks=after_install)

        emit(shape.watching(site, so_far(), look))
        try:
            asyncio.run(
                run_watch(
                    circumstances,
                    watch,
                    after_install=after_install,
                    tell=lambda outage: emit(shape.outage(so_far(), outage, look)),
                    kept=kept,
                )
            )
        except KeyboardInterrupt:
            emit(shape.summary(site, verified, so_far(), look))
            raise Interrupted(T("interrupted; this was seen until then")) from None
        seen = so_far()
    emit(shape.summary(site, verified, seen, look))
    failed = any(found.outcome is Outcome.FAILED for it in verified for found in it.seen)
    if failed or (seen is not None and not seen.answers_at_the_end):
        raise typer.Exit(EXIT_FAILED)


def site_in(target: str) -> Site:
    """The site of a config or of a saved plan; the latter knows the LB servers, and needs no config beside it.

    Raises:
        KkplanError: it is neither.
    """
    file = read_config(target)
    if looks_like_plan(file.data):
        return read_saved_plan(Path(target), file.data).site
    return site_of(read(file).cluster)
