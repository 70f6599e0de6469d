"""`kkplan restore`: list the backups of a config, show the diff to one, ask, and put it in the config's place."""

from __future__ import annotations

from datetime import datetime

from kkplan.cli.console import emit, is_interactive, outcome_reported, report_other_names, terminal_options
from kkplan.disk.config_file import STDIN, read_config, replace_configs
from kkplan.disk.signals import signals_held
from kkplan.errors import EXIT_FAILED, EXIT_OK, KkplanError, UsageError
from kkplan.locale import T, named
from kkplan.render.format import OutputOptions, format_named
from kkplan.render.restore import RestoreFormat
from kkplan.use.read import NamedFiles
from kkplan.use.restore_config import Restoration, find_backups


def restore(
    config_file: str,
    to: str | None = None,
    list_backups: bool = False,
    output_format: str = "text",
    yes: bool = False,
    no_input: bool = False,
    beside: NamedFiles | None = None,
) -> int:
    """Restore a backup."""
    formatter = format_named(RestoreFormat, output_format)
    if config_file == STDIN:
        raise UsageError(T("restore writes a file, so it cannot be used with standard input"))
    if list_backups and to is not None:
        raise UsageError(T("--list lists all backups, so it cannot be used with --to"))
    restoration = find_backups(read_config(config_file), to, beside)
    options = terminal_options()
    if list_backups:
        emit(formatter.backups(restoration, options))
        return EXIT_OK
    is_text = formatter.name == "text"
    if is_text or not yes or not restoration.changes_anything:
        emit(formatter.proposed(restoration, options))
    if not restoration.changes_anything:
        return EXIT_OK
    if not yes:
        if no_input or not is_interactive() or not is_text:
            raise KkplanError(T("nothing was written: no terminal to ask on. Review the diff, then pass --yes"))
        from kkplan.cli.prompts import ask_yes

        if not ask_yes(T("Restore {backup}?", backup=named(restoration.chosen.path.name))):
            emit(f"{T('Nothing was written.')}\n")
            return EXIT_FAILED
    _write(restoration, formatter)
    return EXIT_OK


def _write(restoration: Restoration, formatter: RestoreFormat) -> None:
    file = restoration.file
    with signals_held() as stop:
        (replaced,) = replace_configs([(file, restoration.wanted.data)], datetime.now(), stop)
        text = format_named(RestoreFormat, "text")
        with outcome_reported(lambda: text.restored(restoration, replaced, OutputOptions())):
            emit(formatter.restored(restoration, replaced, terminal_options()))
        report_other_names(file.name, replaced.other_names)
