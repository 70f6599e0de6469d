"""`kkplan rehearse`: run the written files through failures, before they are installed."""

from __future__ import annotations

import stat
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from kkplan.cli.console import emit
from kkplan.cli.plan import terminal_options
from kkplan.disk import disk_error
from kkplan.disk.bundle_files import read_bundle_files
from kkplan.disk.config_file import read_config
from kkplan.errors import EXIT_FAILED, EXIT_OK, Interrupted, KkplanError, UsageError
from kkplan.lab.pair import PairNetwork, read_pair
from kkplan.lab.requirements import missing_requirement
from kkplan.lab.versions import versions_here
from kkplan.locale import T, Text
from kkplan.rehearsal.rehearse import Status, StepResult
from kkplan.rehearsal.rehearse import rehearse as rehearse_walk
from kkplan.rehearsal.scenario import Scenario, scenario_named, scenarios
from kkplan.render.format import OutputOptions
from kkplan.render.rehearsal import Rehearsal, RehearsalFormat, rehearsal_format
from kkplan.render.style import ERASE_LINE, cut
from kkplan.use.saved_plan import looks_like_plan, read_saved_plan, replan

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
    lang: str | None = None,
) -> int:
    """Run the scenarios."""
    formatter = rehearsal_format(output_format)
    if scenario and "list" in scenario:
        emit("".join(f"{known.name:22} {known.title}\n" for known in scenarios()))
        return EXIT_OK
    check_number("--repeat", repeat, REPEATS)
    check_number("--rate", rate, RATES)
    wanted = [scenario_named(name) for name in scenario or []]
    network = pair_of(bundle or DEFAULT_BUNDLE)
    missing = missing_requirement()
    if missing is not None:
        raise KkplanError(missing)
    teller = _Teller(formatter, terminal_options())
    walk = wanted or default_walk(network)
    refuse_too_few(network, walk)
    began = datetime.now()
    try:
        results = list(rehearse_walk(network, walk, repeat, rate, teller, accepts_any_file=anyway))
    except KeyboardInterrupt:
        teller.stopped()
        raise Interrupted(T("interrupted; everything that the rehearsal started was removed")) from None
    emit(formatter.summary(Rehearsal(network, began, versions_here(), results), teller.options))
    bad = [Status.FAILED, Status.OVER_LIMIT] if strict else [Status.FAILED]
    if any(result.status in bad for result in results):
        return EXIT_FAILED
    return EXIT_OK


def check_number(flag: str, value: int, allowed: range) -> None:
    """Check the range of a number.

    Raises:
        UsageError: it is not.
    """
    if value not in allowed:
        raise UsageError(T("{flag} takes a number from {low} to {high}", flag=flag, low=allowed[0], high=allowed[-1]))


def pair_of(target: str) -> PairNetwork:
    """The pair in a saved plan or a folder.

    Raises:
        KkplanError: there is none.
    """
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
        raise neither
    _, plan = replan(read_saved_plan(path, file.data), for_rehearsal=True)
    return read_pair(tuple(planned.artifact for planned in plan.files), target)


def default_walk(network: PairNetwork) -> list[Scenario]:
    """The scenarios to run by default: all except the long ones and those that need more control planes."""
    return [known for known in scenarios() if known.by_default and len(network.backends) >= known.needs_api_servers]


def refuse_too_few(network: PairNetwork, walk: Sequence[Scenario]) -> None:
    """Check that there are enough control planes for the scenarios.

    Raises:
        UsageError: there are not.
    """
    for wanted in walk:
        if len(network.backends) < wanted.needs_api_servers:
            raise UsageError(
                T("scenario {name} needs {count} control planes", name=wanted.name, count=wanted.needs_api_servers)
            )


class _Teller:
    """Shows progress on a terminal."""

    def __init__(self, formatter: RehearsalFormat, options: OutputOptions) -> None:
        self._formatter = formatter
        self._is_live = options.colour and formatter.name == "text"
        self.options = options

    def building(self, network: PairNetwork) -> None:
        emit(self._formatter.network(network, self.options))

    def begins(self, title: Text) -> None:
        if self._is_live:
            # One line, which is erased again: a terminal cannot erase a wrapped line.
            emit(cut(f"...  {title}", max(0, self.options.width - 1)))

    def stopped(self) -> None:
        """Erase the progress line."""
        if self._is_live:
            emit(ERASE_LINE)

    def ended(self, result: StepResult) -> None:
        self.stopped()
        emit(self._formatter.step(result, self.options))
        sys.stdout.flush()
