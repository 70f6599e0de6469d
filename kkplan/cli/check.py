"""`kkplan check`: find what kk would drop, ignore or fail on, before it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from kkplan.cli.console import emit, report_note, terminal_options
from kkplan.cli.progress import ProgressLine
from kkplan.disk import DiskError
from kkplan.disk.config_file import STDIN, read_config
from kkplan.disk.config_search import configs_in, looks_like_config
from kkplan.disk.signals import signals_held
from kkplan.errors import EXIT_FAILED, EXIT_OK, Interrupted, KkplanError, UsageError
from kkplan.locale import T, Text, named
from kkplan.plan.finding import Severity
from kkplan.render.check import CheckFormat
from kkplan.render.format import format_named
from kkplan.rules.selection import Selection, rule_ids
from kkplan.use.check_file import CheckedFile, check_file, no_path, unreadable_file
from kkplan.use.fix_file import fix_file
from kkplan.use.read import NamedFiles
from kkplan.use.recognise import may_be_config
from kkplan.use.settings_file import SiteSettings, settings_for


def check(
    configs: list[str],
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    strict: bool = False,
    fix: bool = False,
    skip_others: bool = False,
    check_form: str = "text",
    beside: NamedFiles | None = None,
) -> int:
    """Check each config, and fix it with --fix."""
    formatter = format_named(CheckFormat, check_form)
    if fix and STDIN in configs:
        raise UsageError(T("--fix writes files, so it cannot be used with standard input"))
    asked = Selection(_ids("--select", select), _ids("--ignore", ignore))
    judge = partial(_judged, asked=asked, strict=strict, fix=fix, beside=beside or {})
    found: list[str | DiskError] = []
    checked: list[tuple[CheckedFile, bool]] = []  # each with whether warnings count as errors

    def progress() -> Text:
        if not checked:
            return T("searching for configs: {count} found", count=len(found))
        return T("({number}/{all}) files checked", number=len(checked), all=len(found))

    with ProgressLine(progress):
        found.extend(_files_in(configs, skip_others=skip_others))
        checked.extend(judge(one) if isinstance(one, str) else (unreadable_file(one.file, one), False) for one in found)
    emit(formatter.report([file for file, _ in checked], terminal_options()))
    fails = any(
        file.count(Severity.ERROR) or (is_strict and file.count(Severity.WARNING)) for file, is_strict in checked
    )
    return EXIT_FAILED if fails else EXIT_OK


def _ids(flag: str, texts: list[str] | None) -> tuple[str, ...]:
    try:
        return rule_ids(texts or ())
    except KkplanError as error:
        raise UsageError(T("{flag}: {problem}", flag=flag, problem=error.message)) from None


def _files_in(names: list[str], *, skip_others: bool) -> Iterator[str | DiskError]:
    """Each file and each config of a folder; for what cannot be searched, its error."""
    for name in names:
        path = Path(name)
        if name != STDIN and _is_folder(path):
            is_empty = True
            for one in configs_in(path, may_be_config):
                is_empty = False
                yield str(one) if isinstance(one, Path) else one
            if is_empty:
                raise DiskError(T("no KubeKey config in this folder (*.yaml, *.yml, *.json)"), file=name)
        elif name == STDIN or not skip_others or looks_like_config(path, may_be_config):
            yield name


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # reported when it is read


def _judged(name: str, asked: Selection, *, strict: bool, fix: bool, beside: NamedFiles) -> tuple[CheckedFile, bool]:
    try:
        file = read_config(name)
    except KkplanError as error:
        return unreadable_file(name, error), False
    settings = SiteSettings() if file.is_stdin else settings_for(Path(name))
    for foreign in settings.passed_over:
        _note_foreign(foreign)
    selection = _both(settings.selection, asked)
    path_of = no_path if file.is_stdin else settings.path_of
    if not fix:
        return check_file(file, selection, path_of, beside), strict or settings.strict
    interrupted = Interrupted(T("interrupted; this file and the files after it were not changed"), file=name)
    with signals_held(interrupted) as stop:
        return fix_file(file, selection, datetime.now(), path_of, beside, stop), strict or settings.strict


@cache
def _note_foreign(settings: Path) -> None:
    report_note(f"{named(settings)}: {T('belongs to another user, so its settings are not used')}")


def _both(site: Selection, asked: Selection) -> Selection:
    """--select replaces the site's selection; --ignore adds to what the site ignores."""
    return replace(site, select=asked.select or site.select, ignore=site.ignore + asked.ignore)
