"""Files at the edge: read a config, replace it and the files of the output folder atomically, one by one."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kkplan.errors import KkplanError
from kkplan.locale import T, Text, named

_ROOM = T("Free some space, then run it again")
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
    """A file could not be read or written; the old contents are still there.

    Args:
        message: what is wrong.
        advice: what to do, if the message does not say it.
    """

    def __init__(self, message: Text, *, advice: Text | None = None, file: str = "", line: int = 0) -> None:
        whole = message if advice is None else T("{reason}. {advice}", reason=message, advice=advice)
        super().__init__(whole, file=file, line=line)
        self.reason = message
        self.advice = advice


class OutcomeError(DiskError):
    """The message already says what was written, or that nothing was."""


@contextmanager
def nothing_changed() -> Iterator[None]:
    """Errors of a writing command say that nothing was changed, unless they say what was."""
    try:
        yield
    except OutcomeError:
        raise
    except DiskError as error:
        raise OutcomeError(
            T("{reason}; nothing was changed", reason=error.reason),
            advice=error.advice,
            file=error.file,
            line=error.line,
        ) from None


@contextmanager
def opened_folder(folder: Path | str, above: int | None = None, flags: int = 0) -> Iterator[int]:
    """The folder's descriptor, closed with the context.

    Args:
        above: an open folder that the path is relative to.

    Raises:
        OSError: it cannot be opened.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | flags, dir_fd=above)
    try:
        yield descriptor
    finally:
        with suppress(OSError):  # everything was synced before
            os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in the folder durable (see rename(2) and fsync(2))."""
    with opened_folder(folder) as descriptor:
        sync_opened(descriptor)


def sync_opened(folder: int) -> None:
    """Make the names in an open folder durable; some file systems cannot sync folders (EINVAL, ENOTSUP)."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


def system_error(error: OSError) -> KkplanError:
    """The system's error as a kkplan error, if the operation is not known."""
    reason = error.strerror or type(error).__name__
    advice = _ADVICE.get(error.errno or 0)
    names = [name for name in (error.filename, error.filename2) if name is not None]
    file = " → ".join(os.fsdecode(name) if isinstance(name, bytes) else str(name) for name in names)
    if advice is None:
        return KkplanError(T("{reason}", reason=named(reason)), file=file)
    return KkplanError(T("{reason}. {advice}", reason=named(reason), advice=advice), file=file)


def disk_error(error: OSError, path: Path) -> DiskError:
    """The system's error as a kkplan error, about that path."""
    reason = error.strerror or type(error).__name__
    return DiskError(T("{reason}", reason=named(reason)), advice=_ADVICE.get(error.errno or 0), file=str(path))
