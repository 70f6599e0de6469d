"""`kkplan apply`: show the plan, ask, and write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kkplan.cli.console import (
    emit,
    emit_bytes,
    is_interactive,
    outcome_reported,
    report,
    report_other_names,
    terminal_options,
)
from kkplan.cli.next_steps import in_words, steps_after_apply
from kkplan.cli.options import collect, given_answers, missing_mode
from kkplan.disk.config_file import ConfigFile, read_config
from kkplan.disk.signals import signals_held
from kkplan.errors import EXIT_FAILED, EXIT_OK, KkplanError, UsageError
from kkplan.locale import T, named
from kkplan.plan.finding import Severity
from kkplan.plan.plan import Plan
from kkplan.render.format import OutputOptions, format_named
from kkplan.render.plan import PlanFormat
from kkplan.use.apply_plan import apply_plan, refuse_errors
from kkplan.use.make_plan import Request, make_plan, possible_modes
from kkplan.use.read import NamedFiles, Reading, read
from kkplan.use.saved_plan import looks_like_plan, read_saved_plan, refuse_elsewhere, replan


def apply(
    target: str,
    mode: str | None = None,
    answers: str | None = None,
    output_dir: str | None = None,
    output_format: str = "text",
    full: bool = False,
    yes: bool = False,
    no_input: bool = False,
    detailed_exitcode: bool = False,
    beside: NamedFiles | None = None,
    **given: Any,
) -> int:
    """Apply a new or saved plan."""
    formatter = format_named(PlanFormat, output_format)
    file = read_config(target, or_plan=True)
    is_saved = not file.is_stdin and looks_like_plan(file.data)
    if is_saved:
        refuse_options(mode, answers, given)
        refuse_files_beside(beside)
        saved = read_saved_plan(Path(target), file.data)
        refuse_elsewhere(saved, output_dir)
        reading, plan = replan(saved)
    else:
        wanted_mode, collected = collect(mode, answers, given)
        reading = read(file, beside)
        if wanted_mode is None:
            raise missing_mode(possible_modes(reading))
        plan = make_plan(reading, Request(wanted_mode, collected, output_dir or ""))
    plan_file = target if is_saved else ""
    if not carry_out(plan, reading, formatter, yes=yes, no_input=no_input, full=full, plan_file=plan_file):
        emit(f"{T('Nothing was written.')}\n")
        return EXIT_FAILED
    return EXIT_OK


def refuse_options(mode: str | None, answers: str | None, given: Mapping[str, Any]) -> None:
    """Refuse a mode or answers beside a saved plan, which has its own."""
    if mode or answers or given_answers(given):
        raise UsageError(T("a saved plan already has its mode and answers. Remove these options, or plan again"))


def refuse_files_beside(beside: NamedFiles | None) -> None:
    """Refuse files beside a saved plan, which has its own."""
    for role in beside or {}:
        raise UsageError(
            T("a saved plan already has its files. Leave --{option} out, or plan again", option=named(role))
        )


def carry_out(
    plan: Plan, reading: Reading, formatter: PlanFormat, *, yes: bool, no_input: bool, full: bool, plan_file: str
) -> bool:
    """Show the plan, ask, and write; False if the answer was no.

    Args:
        plan_file: the saved plan; "" if there is none.

    Raises:
        KkplanError: the plan has errors, or there is no terminal to ask on.
    """
    file = reading.file
    if formatter.name == "text":
        _teller(file)(formatter.plan(plan, terminal_options(full=full)))
    refuse_errors(plan)
    if not yes and not needs_no_yes(plan, file):
        if no_input or not is_interactive() or formatter.name != "text":
            raise KkplanError(T("nothing was written: no terminal to ask on. Review the plan, then pass --yes"))
        from kkplan.cli.prompts import ask_yes

        if not ask_yes(T("Write these changes?")):
            return False
    write(plan, reading, formatter)
    if formatter.name == "text" and plan.changes_anything:
        _teller(file)(in_words(steps_after_apply(plan, reading, plan_file), terminal_options().width))
    return True


def write(plan: Plan, reading: Reading, formatter: PlanFormat) -> None:
    """Write what the plan says, and report what was written."""
    file = reading.file
    with signals_held() as stop:
        applied = apply_plan(plan, reading.files, datetime.now(), stop)
        text = format_named(PlanFormat, "text")
        with outcome_reported(lambda: text.applied(plan, applied, OutputOptions()), is_needed=file.is_stdin):
            if file.is_stdin:
                emit_bytes(plan.config.after)
            _teller(file)(formatter.applied(plan, applied, terminal_options()))
        report_other_names(file.name, applied.other_names)


def _teller(file: ConfigFile) -> Callable[[str], None]:
    """Where messages go: standard output, unless it has the edited config because the config is standard input."""
    return report if file.is_stdin else emit


def needs_no_yes(plan: Plan, file: ConfigFile) -> bool:
    """Whether no confirmation is needed: nothing changes, or no file is written and there is no warning."""
    writes_nothing = not plan.changes_anything or (file.is_stdin and not plan.written_files)
    return writes_nothing and not plan.open_findings(Severity.WARNING)
