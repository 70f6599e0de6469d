"""A restore as text: today's endpoint, the backups with theirs, the diff."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.disk.config_file import Replaced
from kkplan.invocation import own_command
from kkplan.locale import T, named
from kkplan.plan.shell_path import shell_path
from kkplan.render.diff import painted_diff
from kkplan.render.format import OutputOptions
from kkplan.render.restore import RestoreFormat, restore_diff
from kkplan.render.style import BOLD, DIM, GREEN, RED, YELLOW, painted, wrapped
from kkplan.shown import MASK
from kkplan.use.restore_config import Contents, KnownBackup, Restoration


def backups_text(restoration: Restoration, options: OutputOptions) -> str:
    """Today's endpoint, then each backup with its own."""
    return "".join(_backups(restoration, None, options))


def proposed_text(restoration: Restoration, options: OutputOptions) -> str:
    """The list, with the diff to the chosen backup, or a note that there is none."""
    listed = "".join(_backups(restoration, restoration.chosen, options))
    return listed + "\n" + "".join(_change(restoration, options))


def restored_text(restoration: Restoration, replaced: Replaced, options: OutputOptions) -> str:
    """What was written, and how to undo it."""
    text = T(
        "Restored: {file}, from {chosen}. Backup: {backup}. To undo: {command}",
        file=named(restoration.file.name),
        chosen=named(restoration.chosen.path.name),
        backup=named(replaced.backup),
        command=named(_command(restoration)),
    )
    return wrapped(f"{text}\n", options.width, 2)


def _command(restoration: Restoration) -> str:
    return f"{own_command()} restore {shell_path(restoration.file.name)}"


def _backups(restoration: Restoration, marked: KnownBackup | None, options: OutputOptions) -> Iterator[str]:
    yield painted(f"{T('{config} (current)', config=named(restoration.file.name))}\n", BOLD, colour=options.colour)
    yield _endpoint(restoration.today, "  ", options)
    yield painted(f"{T('Backups, newest first')}\n", BOLD, colour=options.colour)
    for backup in restoration.backups:
        mark, colour = ("*", BOLD) if backup is marked else (" ", DIM)
        line = f"{mark} {backup.made:%Y-%m-%d %H:%M:%S}  {named(backup.path.name)}\n"
        yield painted(line, colour, colour=options.colour)
        yield _endpoint(backup, "    ", options)
    for error in restoration.passed_over:
        text = T("not used: {file}: {reason}", file=named(error.file), reason=error.reason)
        yield wrapped(f"  {painted('!', YELLOW, colour=options.colour)} {text}\n", options.width)


def _endpoint(one: Contents | KnownBackup, indent: str, options: OutputOptions) -> str:
    effective, problem = one.effective, one.problem
    colour = GREEN if effective is not None and effective.survives else RED
    if effective is not None:
        text = effective.summary
    elif problem is not None and problem.line:
        text = T("kk would not install with it: line {line}: {problem}", line=problem.line, problem=problem.message)
    else:
        text = T("kk would not install with it: {problem}", problem="" if problem is None else problem.message)
    lines = wrapped(f"{indent}{text}", options.width).split("\n")
    return "".join(painted(f"{line}\n", colour, colour=options.colour) for line in lines)


def _change(restoration: Restoration, options: OutputOptions) -> Iterator[str]:
    chosen = restoration.chosen.path.name
    if not restoration.changes_anything:
        same = T("Nothing to do: the config is the same as {backup}.", backup=named(chosen))
        yield wrapped(f"{same}\n", options.width)
        if len(restoration.backups) > 1:
            command = f"{_command(restoration)} --to BACKUP"
            other = T("To restore another backup: {command}", command=named(command))
            yield wrapped(f"{other}\n", options.width)
        return
    diff = list(restore_diff(restoration))
    yield from painted_diff(diff, options)
    if any(MASK in line for line in diff if line[:1] in "+-"):
        yield wrapped(f"{T('Values shown as asterisks are restored as well.')}\n", options.width)


FORMAT = RestoreFormat("text", backups_text, proposed_text, restored_text)
