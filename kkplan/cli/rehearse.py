"""`kkplan rehearse`: run the written files through failures, before they are installed."""

from __future__ import annotations

import stat
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from kkplan.cli.console import emit, terminal_options
from kkplan.cli.progress import ProgressLine, duration
from kkplan.disk import disk_error
from kkplan.disk.bundle_files import read_bundle_files
from kkplan.disk.config_file import read_config
from kkplan.errors import EXIT_FAILED, EXIT_OK, Interrupted, KkplanError, UsageError
from kkplan.lab.pair import PairNetwork, read_pair
from kkplan.lab.requirements import missing_requirement
from kkplan.lab.versions import versions_here
from kkplan.locale import T, Text
from kkplan.rehearsal.estimate import seconds_left
from kkplan.rehearsal.rehearse import Status, StepResult
from kkplan.rehearsal.rehearse import rehearse as rehearse_walk
from kkplan.rehearsal.scenario import Scenario, scenario_named, scenarios
from kkplan.render.format import OutputOptions, format_named
from kkplan.render.rehearsal import Rehearsal, RehearsalFormat
from kkplan.render.style import wrapped
from kkplan.use.saved_plan import looks_like_plan, read_saved_plan, refuse_config, replan

DEFAULT_BUNDLE = "kkplan-out"
REPEATS = range(1, 101)
RATES = range(1, 101)


def rehearse(
    bundle: str | None = None,
    scenario: list[str] | None = None,
    repeat: int = 1,
    rate: int = 50,
    strict: bool = False,
    anyway: bool = False,
    output_format: str = "text",
) -> int:
    """Run the scenarios."""
    formatter = format_named(RehearsalFormat, output_format)
    if scenario and "list" in scenario:
        width = terminal_options().width
        emit("".join(wrapped(f"{known.name:22} {known.title}\n", width, 23) for known in scenarios()))
        return EXIT_OK
    check_number("--repeat", repeat, REPEATS)
    check_number("--rate", rate, RATES)
    wanted = [scenario_named(name) for name in scenario or []]
    network = pair_of(bundle or DEFAULT_BUNDLE)
    missing = missing_requirement(network)
    if missing is not None:
        raise KkplanError(missing)
    walk = wanted or default_walk(network)
    refuse_too_few(network, walk)
    options = terminal_options()
    began, teller = datetime.now(), _Teller(formatter, options, walk * repeat)
    try:
        with teller.line:
            results = list(rehearse_walk(network, walk, repeat, rate, teller, accepts_any_file=anyway))
    except KeyboardInterrupt:
        raise Interrupted(T("interrupted; everything that the rehearsal started was removed")) from None
    emit(formatter.summary(Rehearsal(network, began, versions_here(), results), options))
    bad = [Status.FAILED, Status.OVER_LIMIT] if strict else [Status.FAILED]
    if any(result.status in bad for result in results):
        return EXIT_FAILED
    return EXIT_OK


def check_number(flag: str, value: int, allowed: range) -> None:
    """Check the range of a number."""
    if value not in allowed:
        raise UsageError(T("{flag} takes a number from {low} to {high}", flag=flag, low=allowed[0], high=allowed[-1]))


def pair_of(target: str) -> PairNetwork:
    """The pair in a saved plan or a folder."""
    path = Path(target)
    neither = KkplanError(
        T("neither a saved plan nor a folder. Run this first: kkplan apply CONFIG --mode keepalived …"), file=target
    )
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            return read_pair(read_bundle_files(path), target)
    except (FileNotFoundError, NotADirectoryError):
        raise neither from None
    except OSError as error:
        raise disk_error(error, path) from None
    file = read_config(target)
    if not looks_like_plan(file.data):
        refuse_config(file.data, target)
        raise neither
    _, plan = replan(read_saved_plan(path, file.data), for_rehearsal=True)
    if not plan.lb_hosts:
        raise KkplanError(T("this plan has no LB servers; rehearse is for mode keepalived"), file=target)
    return read_pair(tuple(planned.artifact for planned in plan.files), target)


def default_walk(network: PairNetwork) -> list[Scenario]:
    """The scenarios to run by default: all except the long ones and those that need more control planes."""
    return [known for known in scenarios() if known.by_default and len(network.backends) >= known.needs_api_servers]


def refuse_too_few(network: PairNetwork, walk: Sequence[Scenario]) -> None:
    """Check that there are enough control planes for the scenarios."""
    for wanted in walk:
        if len(network.backends) < wanted.needs_api_servers:
            raise UsageError(
                T("scenario {name} needs {count} control planes", name=wanted.name, count=wanted.needs_api_servers)
            )


class _Teller:
    """Shows the results as they come, and progress between them.

    Args:
        walk: the scenarios, each as often as it runs.
    """

    def __init__(self, formatter: RehearsalFormat, options: OutputOptions, walk: Sequence[Scenario]) -> None:
        self._formatter = formatter
        self._options = options
        self._walk = walk
        self.line = ProgressLine(self._progress, after=0)
        self._is_built = False
        self._scenario = 0
        self._title: Text = T("building the network")
        self._first = self._since = time.monotonic()

    def building(self, network: PairNetwork) -> None:
        show = self._formatter.rebuilt if self._is_built else self._formatter.network
        self._is_built = True
        self._emit(show(network, self._options))

    def begins(self, scenario: int, title: Text) -> None:
        now = time.monotonic()
        if scenario != self._scenario:
            self._first = now if self._scenario == 0 else self._first
            self._scenario, self._since = scenario, now
        self._title = title
        self.line.redraw()

    def ended(self, result: StepResult) -> None:
        self._emit(self._formatter.step(result, self._options))

    def _emit(self, text: str) -> None:
        with self.line.hidden():
            emit(text)

    def _progress(self) -> Text:
        running = time.monotonic() - self._since if self._scenario else 0.0
        left = max(1.0, seconds_left(self._walk, max(0, self._scenario - 1), self._since - self._first, running))
        return T(
            "...  ({number}/{all}) {title}; about {left} left",
            number=self._scenario,
            all=len(self._walk),
            title=self._title,
            left=duration(left),
        )
