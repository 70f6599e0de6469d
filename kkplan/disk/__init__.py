"""Files at the edge: read a config, replace it atomically, write a bundle completely or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from kkplan.errors import KkplanError
from kkplan.locale import T


class DiskError(KkplanError):
    """A file could not be read or written; what was there is still there."""


def sync_folder(folder: Path) -> None:
    """Make the names in the folder durable (fsync of a directory, see rename(2) and fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_error(error: OSError, path: Path) -> DiskError:
    """The system's error in words for a person, about that path."""
    return DiskError(T("{reason}; nothing was changed", reason=error.strerror or type(error).__name__), file=str(path))
