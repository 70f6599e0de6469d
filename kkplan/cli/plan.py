"""`kkplan plan`: show what would change; writes nothing except for the plan itself, with --out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from kkplan.cli.console import emit, report_note, terminal_options
from kkplan.cli.options import collect, missing_mode
from kkplan.disk.config_file import STDIN, ConfigFile, mode_with_digests, read_config
from kkplan.errors import EXIT_CHANGES_PENDING, EXIT_FAILED, EXIT_OK, KkplanError
from kkplan.locale import T, named
from kkplan.plan.finding import Severity
from kkplan.plan.plan import Plan
from kkplan.render.format import OutputOptions, format_named
from kkplan.render.plan import PlanFormat
from kkplan.use.make_plan import Request, make_plan, possible_modes
from kkplan.use.read import NamedFiles, Reading, read
from kkplan.visible import json_text

NO_PLAN = T("this file exists and is not a plan, so it was not changed. Choose another name")


def plan(
    config: str,
    mode: str | None = None,
    answers: str | None = None,
    output_dir: str | None = None,
    out: str | None = None,
    output_format: str = "text",
    full: bool = False,
    detailed_exitcode: bool = False,
    no_input: bool = False,
    beside: NamedFiles | None = None,
    **given: Any,
) -> int:
    """Show the plan."""
    formatter = format_named(PlanFormat, output_format)
    wanted_mode, collected = collect(mode, answers, given)
    file = read_config(config)
    if file.data[:1] == b"{":
        _refuse_saved_plan(file)
    reading = read(file, beside)
    if wanted_mode is None:
        raise missing_mode(possible_modes(reading))
    made = make_plan(reading, Request(wanted_mode, collected, output_dir or ""))
    options = terminal_options(full=full)
    if output_format == "text":
        _emit_text(made, options)
    else:
        emit(formatter.plan(made, options))
    if made.open_findings(Severity.ERROR):
        if out:
            report_note(T("{file} was not written: fix the errors first", file=named(out)))
        return EXIT_FAILED
    if out:
        save_plan(made, Path(out), reading)
    if detailed_exitcode and made.changes_anything:
        return EXIT_CHANGES_PENDING
    return EXIT_OK


def _emit_text(plan: Plan, options: OutputOptions) -> None:
    from kkplan.render.plan.as_text import text_and_masked_count

    text, count = text_and_masked_count(plan, options)
    emit(text)
    if count:
        note = T(
            "lines of the diff with ******** in place of text that may be secret: {count}. The file keeps the text. "
            "patch(1) cannot apply this diff; kkplan apply can",
            count=count,
        )
        report_note(note)
    hidden = 0 if options.full or options.terminal else len(plan.written_files)
    if hidden:
        note = T("{count} files are not in this diff. kkplan apply writes them; --full shows them", count=hidden)
        report_note(note)


def _refuse_saved_plan(file: ConfigFile) -> None:
    from kkplan.use.saved_plan import looks_like_plan  # not needed to plan a config

    if looks_like_plan(file.data):
        raise KkplanError(T("this is a saved plan. To review and apply it, run: kkplan apply PLANFILE"), file=file.name)


def save_plan(plan: Plan, file: Path, reading: Reading) -> None:
    """Save the plan; paths in it are relative to its folder, so that both can be moved together.

    Args:
        reading: the files that the plan is for; it has their checksums.

    Raises:
        DiskError: another file is in the way, or it cannot be written.
    """
    from kkplan.disk.output_folder import real_folder
    from kkplan.disk.whole_file import write_whole
    from kkplan.use.plan_data import plan_data
    from kkplan.use.saved_plan import holds_plan

    folder = os.path.realpath(file.parent)  # `..` is relative to the target of a link

    def place_of(name: str) -> str:
        return name if name == STDIN else os.path.relpath(real_folder(Path(name)), folder)

    data = plan_data(plan, place_of)
    mode = mode_with_digests(reading.files.values())
    write_whole(file, json_text(data).encode(), holds_plan, NO_PLAN, mode)
