"""`kkplan plan`: show what would change; write nothing but, if asked to, the plan itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kkplan.cli.console import emit, report
from kkplan.cli.options import collect, missing_mode
from kkplan.disk.config_file import STDIN, ConfigFile, read_config
from kkplan.errors import EXIT_CHANGES_PENDING, EXIT_FAILED, EXIT_OK, KkplanError
from kkplan.locale import T, named
from kkplan.plan.finding import Severity
from kkplan.plan.plan import Plan
from kkplan.render.format import OutputOptions
from kkplan.render.plan import plan_format
from kkplan.render.style import wants_colour
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import read
from kkplan.visible import json_text


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
    beside: Mapping[str, str] | None = None,
    lang: str | None = None,
    **given: Any,
) -> int:
    """Show the plan."""
    formatter = plan_format(output_format)
    wanted_mode, collected = collect(mode, answers, given)
    if wanted_mode is None:
        raise missing_mode()
    file = read_config(config)
    if file.data[:1] == b"{":
        _refuse_saved_plan(file)
    made = make_plan(read(file, beside), Request(wanted_mode, collected, output_dir or ""))
    options = terminal_options(full)
    if output_format == "text":
        _emit_text(made, options)
    else:
        emit(formatter.plan(made, options))
    if made.open_findings(Severity.ERROR):
        if out:
            report(f"kkplan: {T('{file} was not written: fix the errors first', file=named(out))}\n")
        return EXIT_FAILED
    if out:
        save_plan(made, Path(out), (0o600 if file.permissions is None else file.permissions) & 0o644)
    if detailed_exitcode and made.changes_anything:
        return EXIT_CHANGES_PENDING
    return EXIT_OK


def _emit_text(plan: Plan, options: OutputOptions) -> None:
    from kkplan.render.plan.as_text import text_and_masked_count

    text, count = text_and_masked_count(plan, options)
    emit(text)
    if count:
        note = T("masked lines in the diff: {count}. patch(1) cannot apply it; kkplan apply can", count=count)
        report(f"kkplan: {note}\n")


def _refuse_saved_plan(file: ConfigFile) -> None:
    from kkplan.use.saved_plan import looks_like_plan  # a plan of a config does without

    if looks_like_plan(file.data):
        raise KkplanError(T("this is a saved plan. Show it and carry it out: kkplan apply PLANFILE"), file=file.name)


def terminal_options(full: bool) -> OutputOptions:
    """A terminal shows colours and leaves the contents of new files out; a pipe gets everything, plain."""
    if not sys.stdout.isatty():
        return OutputOptions(colour=wants_colour(sys.stdout))
    from shutil import get_terminal_size  # takes the compressors with it, which a pipe does without

    return OutputOptions(wants_colour(sys.stdout), full, terminal=True, width=get_terminal_size().columns)


def save_plan(plan: Plan, file: Path, mode: int) -> None:
    """Save the plan; paths in it are relative to its folder, so that both can be moved together.

    Args:
        mode: for a new file: whoever may not read the config may not test guesses at its passwords by its checksum.

    Raises:
        DiskError: another file is in the way, or it cannot be written.
    """
    from kkplan.disk.output_folder import real_folder
    from kkplan.disk.whole_file import write_whole
    from kkplan.use.saved_plan import holds_plan, moved, plan_data

    folder = os.path.realpath(file.parent)  # `..` leaves the folder that a link leads to

    def place_of(name: str) -> str:
        return name if name == STDIN else os.path.relpath(real_folder(Path(name)), folder)

    data = moved(plan_data(plan), place_of)
    no_plan = T("there is a file already that is no plan; it was not touched. Choose another name")
    write_whole(file, json_text(data).encode(), holds_plan, no_plan, mode)
