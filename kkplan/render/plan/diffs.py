"""The diffs of a plan, as they may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kkplan.document.edit import pieces_of
from kkplan.document.lines import changed_middle, lines_of
from kkplan.plan.plan import FileAction, Plan, PlannedConfig, PlannedFile
from kkplan.render.diff import Changed, line_changes, unified
from kkplan.schema.mask import MaskedChange, lines_shown_by


def config_diff(config: PlannedConfig) -> tuple[list[str], int]:
    """The lines of the diff, and how many of them are masked."""
    name = "config-sample.yaml" if config.name == "-" else config.name
    pieces = pieces_of(config.edits)
    changes = line_changes(config.before.text, pieces)
    masked = MaskedChange(config.before, config.shape_of, pieces)
    lines = list(unified(Changed(config.before.line_count, masked.old, masked.new), changes, name, name))
    return lines, masked.masked_count


def file_diff(plan: Plan, file: PlannedFile) -> Iterator[str]:
    """The lines of the diff of a file of the output folder."""
    name = str(Path(plan.output_dir, file.artifact.path))
    new, old = lines_of(file.artifact.content), lines_of(file.previous or "")
    if file.action is FileAction.OVERWRITE:  # what others have written may hold secrets
        old = lines_shown_by(file.artifact.content, file.previous or "")
    text = Changed(len(old), lambda start, end: old[start:end], lambda change: new[change.new_start : change.new_end])
    source = "/dev/null" if file.previous is None else name
    target = "/dev/null" if file.action is FileAction.REMOVE else name
    return unified(text, changed_middle(old, new), source, target)
