"""Output of a restore and of the list of backups: one file per format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from kkplan.disk.config_file import Replaced
from kkplan.document.lines import changed_middle, raw_lines
from kkplan.render.diff import Changed, unified
from kkplan.render.format import OutputOptions
from kkplan.schema.mask import MaskedFile
from kkplan.use.restore_config import Restoration


class RestoreFormat(NamedTuple):
    """An output format of a restore.

    Attributes:
        name: as `--format` takes it.
        backups: the list alone, with a newline at the end.
        proposed: the list, and what would change.
        restored: the result.
    """

    name: str
    backups: Callable[[Restoration, OutputOptions], str]
    proposed: Callable[[Restoration, OutputOptions], str]
    restored: Callable[[Restoration, Replaced, OutputOptions], str]


def restore_diff(restoration: Restoration) -> Iterator[str]:
    """The lines of the diff from the config to the backup, without anything that the schema does not know."""
    today, wanted, name = restoration.today, restoration.wanted, restoration.file.name
    changes = changed_middle(raw_lines(today.data), raw_lines(wanted.data))
    before, after = (MaskedFile(one.data, one.document, one.shape_of) for one in (today, wanted))
    text = Changed(before.count, before.lines, lambda change: after.lines(change.new_start, change.new_end))
    return unified(text, changes, name, name)
