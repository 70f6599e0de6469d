"""`kkplan verify`: check that the endpoint works on the real machines."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from kkplan.cli.apply import refuse_files_beside
from kkplan.cli.console import emit, report_note, terminal_options
from kkplan.cli.progress import ProgressLine, duration
from kkplan.cli.rehearse import check_number, pair_of
from kkplan.cluster.endpoint import Route
from kkplan.cluster.site import Site, SiteMachine, site_of
from kkplan.disk.config_file import STDIN, read_config
from kkplan.errors import EXIT_FAILED, EXIT_OK, Interrupted, KkplanError, UsageError
from kkplan.lab.pair import PairNetwork
from kkplan.locale import T, Text, named, node_names
from kkplan.nearest import nearest
from kkplan.render.format import OutputOptions, format_named
from kkplan.render.verification import VerificationFormat
from kkplan.use.make_plan import planned_subject
from kkplan.use.read import NamedFiles, read
from kkplan.use.saved_plan import SavedPlan, looks_like_plan, mode_of, read_planned, read_saved_plan
from kkplan.verification.check import Check, Outcome, ProbeContext, Verified, checks_for
from kkplan.verification.check import verify as run_checks
from kkplan.verification.watch import Watch, WatchedOutage, Watcher

WATCHES = range(1, 3601)
TIMEOUTS = range(1, 31)
PORTS = range(1, 65536)


def verify(
    verified: str,
    after_install: bool = False,
    hosts_file: list[str] | None = None,
    watch: int | None = None,
    timeout: int = 2,
    output_format: str = "text",
    beside: NamedFiles | None = None,
) -> int:
    """Run the checks, then watch if --watch is given."""
    formatter = format_named(VerificationFormat, output_format)
    check_number("--timeout", timeout, TIMEOUTS)
    if watch is not None:
        check_number("--watch", watch, WATCHES)
    if hosts_file and not after_install:
        raise UsageError(T("--hosts-file needs --after-install: kk writes /etc/hosts during the install"))
    site = site_in(verified, beside)
    if not site.backends:
        raise KkplanError(T("no control plane has an IP address, so there is nothing to verify"), file=verified)
    if site.port not in PORTS:
        raise KkplanError(
            T("invalid endpoint port {port}. A port is a number from 1 to 65535", port=site.port), file=verified
        )
    if watch is not None and not site.address:
        raise UsageError(
            T("--watch needs an endpoint that can be reached from outside; this one is 127.0.0.1 on each node")
        )
    options = terminal_options()
    context = ProbeContext(site, timeout, read_hosts_files(hosts_file or (), site, verified))
    results = run_with_progress(context, checks_for(after_install=after_install))
    emit(formatter.report(results, options))
    seen = None if watch is None else watch_for(watch, context, results, formatter, options, asks=after_install)
    emit(formatter.summary(site, results, seen, options))
    failed = any(found.outcome is Outcome.FAILED for check in results for found in check.seen)
    if failed or (seen is not None and not seen.answers_at_the_end):
        return EXIT_FAILED
    return EXIT_OK


def run_with_progress(context: ProbeContext, checks: Sequence[Check]) -> tuple[Verified, ...]:
    """Run the checks; what takes long shows how many have ended."""
    ended: list[None] = []

    def progress() -> Text:
        return T("({number}/{all}) checks done", number=len(ended), all=len(checks))

    with ProgressLine(progress):
        return asyncio.run(run_checks(context, checks, lambda: ended.append(None)))


def read_hosts_files(given: Sequence[str], site: Site, verified: str) -> dict[str, str]:
    """The text of each node's /etc/hosts that was handed in.

    Raises:
        UsageError: one is not NODE=FILE, or names no node, or a node twice.
        KkplanError: a file cannot be read, or the nodes are not known.
    """
    nodes = [entry.node for entry in site.hosts_entries]
    if given and not nodes:
        raise KkplanError(
            T("it does not name the nodes, so --hosts-file cannot be checked. Verify the config or the saved plan"),
            file=verified,
        )
    texts: dict[str, str] = {}
    for word in given:
        node, has_file, file = word.partition("=")
        if not (node and has_file and file):
            raise UsageError(T("--hosts-file takes NODE=FILE, e.g. node1=node1.hosts"))
        if node not in nodes:
            near = nearest(node, nodes)
            hint = T(" Did you mean {guess}?", guess=node_names(near)) if near else ""
            raise UsageError(T("--hosts-file: no node is named {node}.{hint}", node=named(node), hint=hint))
        if node in texts:
            raise UsageError(T("--hosts-file: node {node} is given twice", node=node_names(node)))
        texts[node] = read_config(file, "hosts-file").data.decode("utf-8", "replace")
    return texts


def watch_for(
    seconds: int,
    context: ProbeContext,
    verified: Sequence[Verified],
    formatter: VerificationFormat,
    options: OutputOptions,
    *,
    asks: bool,
) -> Watch:
    """Watch the endpoint, and report each outage as it ends.

    Raises:
        Interrupted: by Ctrl-C, after the results up to then were reported.
    """

    def report_outage(outage: WatchedOutage) -> None:
        with line.hidden():
            emit(formatter.outage(watcher.began, outage, options))

    def progress() -> Text:
        probes, failed = watcher.counts
        left = duration(max(0.0, seconds - (datetime.now().astimezone() - watcher.began).total_seconds()))
        return T("{probes} probes, {failed} failed; {left} left", probes=probes, failed=failed, left=left)

    line = ProgressLine(progress)
    watcher = Watcher(context, asks=asks, on_outage=report_outage)
    emit(formatter.watching(context.site, asks, context.timeout, options))
    try:
        with line:
            asyncio.run(watcher.watch(seconds))
    except KeyboardInterrupt:
        emit(formatter.summary(context.site, verified, watcher.seen(), options))
        raise Interrupted(T("interrupted; the results up to then are above")) from None
    return watcher.seen()


def site_in(target: str, beside: NamedFiles | None = None) -> Site:
    """The site of a config, a saved plan, or a folder; the latter two have the LB servers, and need no config beside them."""
    if target != STDIN and Path(target).is_dir():
        refuse_files_beside(beside)
        return site_of_pair(pair_of(target))
    file = read_config(target, or_plan=True)
    if not looks_like_plan(file.data):
        reading = read(file, beside)
        return site_of(reading.subject.cluster, reading.effective)
    refuse_files_beside(beside)
    saved = read_saved_plan(Path(target), file.data)
    if not file.is_stdin and config_differs(saved):
        note = T(
            "note: the machines or the endpoint in {file} differ from the plan. This checks those of the plan; plan "
            "again",
            file=named(saved.config_name),
        )
        report_note(note)
    return saved.site


def site_of_pair(network: PairNetwork) -> Site:
    """The site that the LB servers' files describe. They do not know the domain, nor the workers.

    LB servers whose own address no file names are left out, with a note.
    """
    left_out = ", ".join(member.name for member in network.members if member.has_made_up_address)
    if left_out:
        note = T(
            "note: the files do not name the addresses of {names}, so they are not checked. Add unicast_src_ip to each "
            "keepalived.conf",
            names=named(left_out),
        )
        report_note(note)
    return Site(
        route=Route.ADDRESS,
        address=network.vip.address,
        domain="",
        port=network.port,
        backends=network.backends,
        lb_servers=tuple(
            SiteMachine(member.name, member.address) for member in network.members if not member.has_made_up_address
        ),
    )


def config_differs(saved: SavedPlan) -> bool:
    """Whether the plan's config exists and, apart from the plan's edits, describes another site.

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
    except KkplanError:  # it is missing or not a config; verify does not need it
        return False
