"""`kkplan check`: what kk would drop, ignore or stumble over in configs, before it is run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from kkplan.cli.console import emit, report
from kkplan.cli.plan import terminal_options
from kkplan.disk import DiskError
from kkplan.disk.config_file import STDIN, read_config
from kkplan.disk.config_search import configs_in, looks_like_config
from kkplan.disk.signals import signals_held
from kkplan.errors import EXIT_FAILED, EXIT_OK, Interrupted, KkplanError, UsageError
from kkplan.locale import T, named
from kkplan.plan.finding import Severity
from kkplan.render.check import check_format
from kkplan.rules.selection import Selection, rule_ids
from kkplan.use.check_file import CheckedFile, check_file, no_path, unreadable_file
from kkplan.use.fix_file import fix_file
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
    beside: Mapping[str, str] | None = None,
    lang: str | None = None,
) -> int:
    """Judge each config, and mend it if asked to."""
    formatter = check_format(check_form)
    if fix and STDIN in configs:
        raise UsageError(T("--fix writes files; it does not go with standard input"))
    asked = Selection(_ids("--select", select), _ids("--ignore", ignore))
    judge = partial(_judged, asked=asked, strict=strict, fix=fix, beside=beside or {})
    checked = list(_judged_files(configs, judge, skip_others=skip_others))
    emit(formatter.report([judged.file for judged in checked], terminal_options(full=False)))
    if any(judged.fails for judged in checked):
        return EXIT_FAILED
    return EXIT_OK


@dataclass(frozen=True)
class _Judged:
    file: CheckedFile
    strict: bool

    @property
    def fails(self) -> bool:
        return self.file.count(Severity.ERROR) > 0 or (self.strict and self.file.count(Severity.WARNING) > 0)


def _ids(flag: str, texts: list[str] | None) -> tuple[str, ...]:
    try:
        return rule_ids(texts or ())
    except KkplanError as error:
        raise UsageError(T("{flag}: {problem}", flag=flag, problem=error.message)) from None


def _judged_files(names: list[str], judge: Callable[[str], _Judged], *, skip_others: bool) -> Iterator[_Judged]:
    """Each file and each config of a folder; a folder that cannot be searched counts as a file that cannot be read."""
    for name in names:
        path = Path(name)
        if name != STDIN and _is_folder(path):
            found = list(configs_in(path, may_be_config))
            if not found:
                raise DiskError(T("no config of KubeKey in this folder (*.yaml, *.yml, *.json)"), file=name)
            yield from (judge(str(one)) if isinstance(one, Path) else _unreadable(one.file, one) for one in found)
        elif name == STDIN or not skip_others or looks_like_config(path, may_be_config):
            yield judge(name)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # what is wrong with it is said when it is read


def _unreadable(name: str, error: KkplanError) -> _Judged:
    return _Judged(unreadable_file(name, error), strict=False)


def _judged(name: str, asked: Selection, *, strict: bool, fix: bool, beside: Mapping[str, str]) -> _Judged:
    try:
        file = read_config(name)
    except KkplanError as error:
        return _unreadable(name, error)
    settings = SiteSettings() if file.is_stdin else settings_for(Path(name))
    for foreign in settings.passed_over:
        _note_foreign(foreign)
    selection = _both(settings.selection, asked)
    path_of = no_path if file.is_stdin else settings.path_of
    if not fix:
        return _Judged(check_file(file, selection, path_of, beside), strict or settings.strict)
    interrupted = Interrupted(T("interrupted; this file and the files after it were not changed"), file=name)
    with signals_held(interrupted) as stop:
        return _Judged(fix_file(file, selection, datetime.now(), path_of, beside, stop), strict or settings.strict)


@cache
def _note_foreign(settings: Path) -> None:
    report(f"kkplan: {named(settings)}: {T('belongs to another user, so it is not obeyed')}\n")


def _both(site: Selection, asked: Selection) -> Selection:
    """What is asked for takes the place of the site's selection, and is ignored besides what the site ignores."""
    return replace(site, select=asked.select or site.select, ignore=site.ignore + asked.ignore)
