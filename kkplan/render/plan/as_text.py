"""A plan as text: the effective endpoint, the findings, the diff, the files, and a summary line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kkplan.invocation import own_command
from kkplan.locale import T, Text, named
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.plan import FileAction, Plan
from kkplan.plan.shell_path import shell_path
from kkplan.render.diff import painted_diff
from kkplan.render.format import OutputOptions
from kkplan.render.plan import PlanFormat
from kkplan.render.plan.diffs import config_diff, file_diff
from kkplan.render.style import BOLD, DIM, GREEN, RED, SEVERITY_COLOURS, SEVERITY_WORDS, YELLOW, painted, wrapped
from kkplan.render.topology.text_drawing import text_drawing
from kkplan.visible import on_one_line

if TYPE_CHECKING:
    from kkplan.use.apply_plan import Applied

ACTION_WORDS = {
    FileAction.CREATE: ("+", T("new"), GREEN),
    FileAction.REPLACE: ("~", T("written by kkplan, to be updated"), YELLOW),
    FileAction.OVERWRITE: ("!", T("to be replaced, a backup is kept"), RED),
    FileAction.REMOVE: ("-", T("to be removed: unchanged file of an earlier plan"), RED),
    FileAction.KEEP: ("=", T("up to date"), DIM),
}


def plan_text(plan: Plan, options: OutputOptions) -> str:
    """The plan as text; without colour it is plain ASCII marks, and the diff in it can be fed to patch(1)."""
    return text_and_masked_count(plan, options)[0]


def text_and_masked_count(plan: Plan, options: OutputOptions) -> tuple[str, int]:
    """The plan as text, and how many lines of the config's diff are masked, which patch(1) rejects."""
    diffs = [config_diff(config) for config in plan.configs]
    parts = [
        wrapped(f"{plan.assumes}\n", options.width) if plan.assumes is not None else "",
        "".join(_endpoint(plan, options)),
        *_paths(plan, options),
        "".join(_findings(plan, options)),
        "".join(line for diff, _ in diffs for line in painted_diff(diff, options)),
        "".join(_files(plan, options)),
        _summary(plan, options),
    ]
    return "\n".join(part for part in parts if part), sum(masked for _, masked in diffs)


def applied_text(plan: Plan, applied: Applied, options: OutputOptions) -> str:
    """What was written."""
    lines: list[Text] = []
    for name, backup in applied.backups.items():
        lines.append(
            T(
                "Written: {file}. Backup: {backup}. To undo: {command}",
                file=named(name),
                backup=named(backup),
                command=named(f"{own_command()} restore {shell_path(name)}"),
            )
        )
    if plan.edits and not applied.backups:
        lines.append(T("The edited config was written to standard output."))
    folder, gone = named(plan.output_dir), len(plan.removed_files)
    if len(plan.written_files) > gone:
        lines.append(T("Written: {count} files in {folder}", count=len(plan.written_files) - gone, folder=folder))
    if gone:
        lines.append(T("Removed: {count} files of an earlier plan in {folder}", count=gone, folder=folder))
    lines += [T("Backup: {file}", file=Path(plan.output_dir, backup)) for backup in applied.file_backups]
    if not lines:
        lines.append(T("Nothing to do: everything is up to date."))
    return wrapped("".join(f"{line}\n" for line in lines), options.width, 2)


def _endpoint(plan: Plan, options: OutputOptions) -> Iterator[str]:
    yield painted(f"{T('Effective endpoint')}\n", BOLD, colour=options.colour)
    rows = ((T("today"), plan.effective_before), (T("planned"), plan.effective_after))
    for label, effective in rows:
        colour = GREEN if effective.survives else RED
        sentence = str(T("{label}: {text}", label=label, text=effective.summary))
        yield _marked("*", sentence, options, colour)


def _paths(plan: Plan, options: OutputOptions) -> Iterator[str]:
    """The request path, today and planned, where the terminal is wide enough."""
    before, after = plan.path_before, plan.path_after
    paths = (
        [(T("Request path, today and planned"), after)]
        if before == after
        else [(T("Request path, today"), before), (T("Request path, planned"), after)]
    )
    for title, path in paths:
        drawing = text_drawing(path, options)
        if drawing is not None:
            yield painted(f"{title}\n", BOLD, colour=options.colour) + drawing


def _files(plan: Plan, options: OutputOptions) -> Iterator[str]:
    if not plan.files:
        return
    yield painted(f"{T('Files in {folder}', folder=named(plan.output_dir))}\n", BOLD, colour=options.colour)
    for file in plan.files:
        mark, word, colour = ACTION_WORDS[file.action]
        artifact = file.artifact
        lines = T("{count} lines", count=artifact.content.count("\n"))
        size = "" if file.action is FileAction.REMOVE else f", {artifact.mode:04o}, {lines}"
        yield _marked(mark, f"{on_one_line(artifact.path)} ({word}{size})", options, colour)
    shown = [file for file in plan.written_files if options.full]
    for file in shown:
        yield "\n"
        yield from painted_diff(file_diff(plan, file), options)
    if plan.written_files and not shown:
        note = wrapped(f"  {T('--full shows their contents')}\n", options.width)
        yield painted(note, DIM, colour=options.colour)


def _findings(plan: Plan, options: OutputOptions) -> Iterator[str]:
    if not plan.findings:
        return
    yield painted(f"{T('Findings')}\n", BOLD, colour=options.colour)
    for finding in sorted_findings(plan):
        yield from _finding(plan, finding, options)


def sorted_findings(plan: Plan) -> list[Finding]:
    """The findings, the worst first and those that the plan fixes last."""
    order = list(Severity)
    return sorted(plan.findings, key=lambda finding: (finding.fixed, order.index(finding.severity), finding.id))


def _finding(plan: Plan, finding: Finding, options: OutputOptions) -> Iterator[str]:
    name = finding.file or plan.config.name
    place = f"{name}:{finding.line}" if finding.line else name
    word = T("fixed by this plan") if finding.fixed else SEVERITY_WORDS[finding.severity]
    colour = GREEN if finding.fixed else SEVERITY_COLOURS[finding.severity]
    label = named(f"{finding.id} {place}")
    sentence = T("{label}: {text}", label=label, text=finding.message)
    yield _marked(str(word), str(sentence), options, colour)
    if not finding.fixed:
        yield wrapped(f"      -> {finding.advice}\n", options.width)


def _marked(mark: str, sentence: str, options: OutputOptions, colour: str) -> str:
    """A line with a coloured mark before a sentence."""
    return wrapped(f"  {painted(mark, colour, colour=options.colour)} {sentence}\n", options.width)


def _summary(plan: Plan, options: OutputOptions) -> str:
    colour = RED if plan.open_findings(Severity.ERROR) else YELLOW if plan.open_findings(Severity.WARNING) else GREEN
    lines = wrapped(str(plan_summary(plan)), options.width).split("\n")
    return "".join(painted(f"{line}\n", BOLD, colour, colour=options.colour) for line in lines)


def plan_summary(plan: Plan) -> Text:
    """The plan in a line: what changes, and what is left to be looked at."""
    counts = {severity: len(plan.open_findings(severity)) for severity in Severity}
    if plan.changes_anything:
        return T(
            "Plan {mode}: keys to change: {edits}, files to write: {files}; errors: {errors}, warnings: {warnings}.",
            mode=plan.mode,
            edits=len(plan.edits),
            files=len(plan.written_files) - len(plan.removed_files),
            errors=counts[Severity.ERROR],
            warnings=counts[Severity.WARNING],
        )
    return T(
        "Plan {mode}: nothing to change; errors: {errors}, warnings: {warnings}.",
        mode=plan.mode,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
    )


FORMAT = PlanFormat("text", plan_text, applied_text)
