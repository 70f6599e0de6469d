"""Files at the edge: read a config, replace it and the files of the output folder atomically, one by one."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from kkplan.errors import KkplanError
from kkplan.locale import T, named

_ROOM = T("Make room there, then run it again")
_PERMISSION = T("Run kkplan as the owner of the file and its folder, or with sudo")
_ADVICE = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EACCES: _PERMISSION,
    errno.EPERM: _PERMISSION,
    errno.EROFS: T("Make it writable, or work on a copy elsewhere"),
    errno.EIO: T("Check the disk (dmesg), then run it again"),
    errno.ENAMETOOLONG: T("Give it a shorter name: a backup beside it needs 20 bytes more"),
}


class DiskError(KkplanError):
    """A file could not be read or written; what was there is still there."""


def sync_folder(folder: Path) -> None:
    """Make the names in the folder durable (fsync of a directory, see rename(2) and fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def system_error(error: OSError) -> KkplanError:
    """The system's error in words for a person, where it is not known what was to be done with the file."""
    reason = error.strerror or type(error).__name__
    advice = _ADVICE.get(error.errno or 0)
    names = [name for name in (error.filename, error.filename2) if name is not None]
    file = " → ".join(os.fsdecode(name) if isinstance(name, bytes) else str(name) for name in names)
    if advice is None:
        return KkplanError(T("{reason}", reason=named(reason)), file=file)
    return KkplanError(T("{reason}. {advice}", reason=named(reason), advice=advice), file=file)


def disk_error(error: OSError, path: Path) -> DiskError:
    """The system's error in words for a person, about that path."""
    reason = error.strerror or type(error).__name__
    advice = _ADVICE.get(error.errno or 0)
    if advice is None:
        return DiskError(T("{reason}; nothing was changed", reason=named(reason)), file=str(path))
    return DiskError(T("{reason}; nothing was changed. {advice}", reason=named(reason), advice=advice), file=str(path))
