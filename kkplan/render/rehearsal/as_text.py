"""A rehearsal as text: each step with a timeline, and a table at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import PurePosixPath

from kkplan import __version__
from kkplan.cluster.outage import Holding, Request
from kkplan.lab.pair import PairNetwork
from kkplan.locale import T, Text, named
from kkplan.rehearsal.rehearse import Status, StepResult
from kkplan.rehearsal.scenario import scenario_named
from kkplan.render.format import OutputOptions
from kkplan.render.rehearsal import Rehearsal, RehearsalFormat
from kkplan.render.style import BOLD, CYAN, DIM, GREEN, RED, YELLOW, padded, painted, shortened, width_of, wrapped

TIMELINE_CELLS = 64
FEWEST_CELLS = 20
SHORT_DIGEST = 12  # hexadecimal digits; JSON has all
LEAD = 0.5  # seconds before the failure that the timeline shows

_MARKS = {
    Status.OK: ("ok", GREEN),
    Status.DEGRADED: ("degraded", YELLOW),
    Status.OVER_LIMIT: ("over", YELLOW),
    Status.FAILED: ("FAIL", RED),
}
_IDLE_WORDS = {"lives": T("open"), "closed": T("closed"), "dead": T("dead")}


def network_text(network: PairNetwork, options: OutputOptions) -> str:
    """The machines of the network, and the legend of the timelines."""
    lbs = named(", ".join(f"{member.name} {member.address} ({member.nic})" for member in network.members))
    backends = named(", ".join(f"{backend.name} {backend.address}" for backend in network.backends))
    title = T(
        "Rehearsal: VIP {vip}/{prefix}, port {port}",
        vip=network.vip.address,
        prefix=network.vip.prefix,
        port=network.port,
    )
    legend = T("█ answered, ▒ some failed, · all failed, ━ holds the VIP, 0s the failure")
    parts = ((T("LB servers"), lbs), (T("control planes"), backends), (T("timeline"), legend))
    lines = [wrapped(f"  {T('{label}: {text}', label=label, text=text)}", options.width) for label, text in parts]
    made_up = named(", ".join(member.name for member in network.members if member.has_made_up_address))
    if str(made_up):
        note = T("the files do not name the addresses of {names}; the rehearsal chose free ones", names=made_up)
        lines.insert(1, wrapped(f"  {note}", options.width))
    return "\n".join([painted(str(title), BOLD, colour=options.colour), *lines, "", ""])


def rebuilt_text(network: PairNetwork, options: OutputOptions) -> str:
    """Why the services start again."""
    return wrapped(str(T("The pair did not recover, so the network is built again.")), options.width) + "\n"


def step_text(result: StepResult, options: OutputOptions) -> str:
    """The result of a step, with a timeline if anything happened."""
    word, colour = _MARKS[result.status]
    mark = painted(padded(word, 4), colour, BOLD, colour=options.colour)
    lines = [f"{mark} {result.title}", wrapped(f"     {_facts(result)}", options.width)]
    if result.part != "repair" or result.failed or result.problems or len(result.holdings) > 1:
        lines += [f"     {line}" for line in _timeline(result, options)]
        seen = T("API servers as HAProxy sees them: {states}", states=named(_backends(result)))
        lines.append(wrapped(f"     {seen}", options.width))
    for problem in result.problems:
        words = wrapped(f"     -> {problem}", options.width)
        lines += [painted(line, colour, colour=options.colour) for line in words.split("\n")]
    if result.note is not None:
        lines.append(wrapped(f"     {result.note}", options.width))
    return "\n".join(lines) + "\n"


def _facts(result: StepResult) -> Text:
    return T(
        "{requests}; VIP {way}; idle connection {idle}",
        requests=_requests(result),
        way=named(_way(result.holdings)),
        idle=_IDLE_WORDS[result.idle],
    )


def _requests(result: StepResult) -> Text:
    if not result.lost_requests:
        return T("no request failed; slowest answer {seconds:.2f} s", seconds=result.slowest_answer)
    return T(
        "longest outage {outage}; failed {failed} of {count} requests{cut}",
        outage=named(_seconds(result)),
        failed=result.failed,
        count=sum(request.started >= 0 for request in result.requests),
        cut=T(" (and {cut} interrupted)", cut=result.cut) if result.cut else "",
    )


def _backends(result: StepResult) -> str:
    """The API servers' states as each HAProxy sees them at the end; LB servers with the same states are grouped."""
    views: dict[str, list[str]] = {}
    for lb, states in result.backends:
        views.setdefault(_view(dict(states)), []).append(lb)
    return "; ".join(f"{', '.join(lbs)}: {view}" for view, lbs in views.items()) or "-"


def _view(states: dict[str, str]) -> str:
    """The states as HAProxy's log has them: `3 UP`, or `master1 DOWN, 2 UP`; `-` if there are none."""
    counts = Counter(states.values())
    if len(counts) == 1 or not states:
        return ", ".join(f"{count} {state}" for state, count in counts.items()) or "-"
    named = [f"{name} {state}" for name, state in states.items() if state != "UP"]
    return ", ".join([*named, *([f"{counts['UP']} UP"] if counts["UP"] else [])])


def _seconds(result: StepResult) -> str:
    return f"{'' if result.outage.ended else '>= '}{T('{seconds:.2f} s', seconds=result.outage.seconds)}"


def _way(holdings: Sequence[Holding]) -> str:
    """The VIP holders in the order of time; `+` if two have it at the end."""
    if not holdings:
        return "-"
    left = [holding.lb for holding in holdings if holding.until is not None]
    return " → ".join([*left, "+".join(holding.lb for holding in holdings if holding.until is None) or "-"])


def _timeline(result: StepResult, options: OutputOptions) -> Iterator[str]:
    """A row for the client and one for each LB server that held the VIP, from shortly before the failure."""
    names = list(dict.fromkeys(holding.lb for holding in result.holdings))
    width = max(width_of(name) for name in [str(T("client")), *names])
    count = min(TIMELINE_CELLS, max(FEWEST_CELLS, options.width - width - 6)) if options.width else TIMELINE_CELLS
    cell = (result.watched + LEAD) / count
    yield painted(f"{' ' * width} {_scale(cell, count)}".rstrip(), DIM, colour=options.colour)
    moments = [-LEAD + (number + 0.5) * cell for number in range(count)]
    client = "".join(_served(result.requests, moment - cell / 2, moment + cell / 2) for moment in moments)
    yield f"{padded(str(T('client')), width)} {painted(client, CYAN, colour=options.colour)}"
    for name in names:
        held = "".join("━" if _holds(result.holdings, name, moment) else " " for moment in moments)
        yield f"{padded(name, width)} {painted(held.rstrip(), GREEN, colour=options.colour)}"


def _scale(cell: float, count: int) -> str:
    """Marks for whole seconds; 0 is the failure."""
    cells = [" "] * count
    step = max(1, round(8 * cell))
    for second in range(0, int(count * cell) + 1, step):
        place = round((second + LEAD) / cell)
        label = f"{second}s"
        if place + len(label) <= count:
            cells[place : place + len(label)] = label
    return "".join(cells)


def _served(requests: Sequence[Request], start: float, end: float) -> str:
    """The result of the requests that began then: all answered, some, none; or none began."""
    began = [request.succeeded for request in requests if start <= request.started < end]
    if not began:
        return " "
    return "█" if all(began) else "▒" if any(began) else "·"


def _holds(holdings: Sequence[Holding], name: str, moment: float) -> bool:
    return any(
        holding.lb == name and holding.since <= moment and (holding.until is None or holding.until > moment)
        for holding in holdings
    )


def summary_text(rehearsal: Rehearsal, options: OutputOptions) -> str:
    """A table with a row for each scenario: the worst of its runs. A narrow terminal has no room for the VIP's way."""
    results = rehearsal.results
    played = list(dict.fromkeys(result.scenario for result in results if result.scenario != "start"))
    head = (T("Scenario"), T("Outage"), T("Failed"), T("At return"), T("VIP"), T("Result"))
    rows = [tuple(str(cell) for cell in head)]
    colours = [""]
    for name in played:
        faults = [result for result in results if result.scenario == name and result.part == "fault"]
        repairs = [result for result in results if result.scenario == name and result.part == "repair"]
        worst = max(faults, key=lambda result: (result.lost_requests, result.outage.seconds))
        status = max((result.status for result in [*faults, *repairs]), key=list(Status).index)
        rows.append(
            (
                str(scenario_named(name).title) + (f" ×{len(faults)}" if len(faults) > 1 else ""),
                _seconds(worst) if worst.lost_requests else str(T("none")),
                str(max(result.failed for result in faults)),
                str(max((result.failed for result in repairs), default=0)),
                _way(worst.holdings),
                _MARKS[status][0],
            )
        )
        colours.append(_MARKS[status][1])
    if _excess(rows, options.width) > 0:
        rows = [(*row[:4], row[5]) for row in rows]
    longest = _widths(rows)[0] - max(0, _excess(rows, options.width))
    rows = [(shortened(name, longest), *row) for name, *row in rows]
    lines = list(_table(rows, colours, options)) if played else []
    about = [*_idle_lines(results, options), *_conditions(rehearsal, options)]
    return "\n".join(["", *lines, "", *about, "", _verdict(results, options), ""])


def _idle_lines(results: Sequence[StepResult], options: OutputOptions) -> Iterator[str]:
    """What a dead connection means and what helps, if there was one.

    Source: Kubernetes, apimachinery/pkg/util/net/http.go (an HTTP/2 ping after 30 s without data, 15 s for its answer).
    """
    if any(result.idle == "dead" for result in results):
        text = T(
            "Idle connection dead: it was open before the failure, and gets neither an answer nor a reset. kubelet and "
            "kubectl notice that within 45 s, by HTTP/2 pings; other clients need TCP keepalive or a timeout of their own."
        )
        yield from wrapped(str(text), options.width).split("\n")
        yield ""


def _conditions(rehearsal: Rehearsal, options: OutputOptions) -> Iterator[str]:
    """When it was, with which programs and files: what a change ticket needs."""
    versions = rehearsal.versions
    programs = T(
        "{time}, kkplan {kkplan}, HAProxy {haproxy}, Keepalived {keepalived}, Linux {kernel}. Files, with the beginning of their SHA-256:",
        time=named(rehearsal.began.astimezone().isoformat(" ", "seconds")),
        kkplan=named(__version__),
        haproxy=named(versions.haproxy or "?"),
        keepalived=named(versions.keepalived or "?"),
        kernel=named(versions.kernel),
    )
    yield from _dim(str(programs), options)
    for member in rehearsal.network.members:
        digests = ", ".join(
            f"{PurePosixPath(file.path).name} {sha256(file.content.encode()).hexdigest()[:SHORT_DIGEST]}"
            for file in member.files
        )
        yield from _dim(f"  {T('{label}: {text}', label=named(member.name), text=named(digests))}", options)


def _dim(text: str, options: OutputOptions) -> Iterator[str]:
    yield from (painted(line, DIM, colour=options.colour) for line in wrapped(text, options.width).split("\n"))


def _table(rows: Sequence[tuple[str, ...]], colours: Sequence[str], options: OutputOptions) -> Iterator[str]:
    widths = _widths(rows)
    for row, colour in zip(rows, colours, strict=True):
        *cells, result = [padded(cell, width) for cell, width in zip(row, widths, strict=True)]
        last = painted(result.rstrip(), colour or BOLD, colour=options.colour)
        yield "  ".join([*(cells if colour else [painted(cell, BOLD, colour=options.colour) for cell in cells]), last])


def _excess(rows: Sequence[tuple[str, ...]], width: int) -> int:
    """By how many cells the table is wider than the terminal; 0 if the width has no limit."""
    widths = _widths(rows)
    return sum(widths) + 2 * (len(widths) - 1) - width if width else 0


def _widths(rows: Sequence[tuple[str, ...]]) -> list[int]:
    return [max(map(width_of, column)) for column in zip(*rows, strict=True)]


def _verdict(results: Sequence[StepResult], options: OutputOptions) -> str:
    text, colour = _verdict_text(results)
    lines = wrapped(str(text), options.width).split("\n")
    return "\n".join(painted(line, colour, BOLD, colour=options.colour) for line in lines)


def _verdict_text(results: Sequence[StepResult]) -> tuple[Text, str]:
    run = _scenarios(results)
    failed = _scenarios(result for result in results if result.status is Status.FAILED)
    slow = _scenarios(result for result in results if result.status is Status.OVER_LIMIT)
    if not run:
        return T("No scenario was run: the services did not start properly."), RED
    if failed:
        return T("{count} of {all} scenarios failed.", count=len(failed), all=len(run)), RED
    degraded = _scenarios(result for result in results if result.is_degraded)
    if slow and degraded:
        text = T(
            "All {all} scenarios passed, {over} of them over a limit, {degraded} degraded: LB servers held the VIP at once.",
            all=len(run),
            over=len(slow),
            degraded=len(degraded),
        )
        return text, YELLOW
    if degraded:
        text = T(
            "All {all} scenarios passed, {count} of them degraded: LB servers held the VIP at once.",
            all=len(run),
            count=len(degraded),
        )
        return text, YELLOW
    if slow:
        return T("All {all} scenarios passed, {count} of them over a limit.", all=len(run), count=len(slow)), YELLOW
    if len(run) == 1:
        return T("The scenario passed."), GREEN
    return T("All {all} scenarios passed.", all=len(run)), GREEN


def _scenarios(results: Iterable[StepResult]) -> frozenset[str]:
    """The scenarios of the results, without the start of the services."""
    return frozenset(result.scenario for result in results if result.scenario != "start")


FORMAT = RehearsalFormat("text", network_text, rebuilt_text, step_text, summary_text)
