"""Read a file that is a file: never a pipe, which would wait for a writer, nor a device, which has no end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import NamedTuple


class RegularFile(NamedTuple):
    """A file as it was read.

    Attributes:
        data: its bytes, up to the limit and one more.
        permissions: its permission bits.
    """

    data: bytes
    permissions: int


class NotRegularError(OSError):
    """A folder (errno is EISDIR), a pipe, a socket or a device."""


def read_regular(path: Path, limit: int) -> RegularFile:
    """The file's first bytes, one more than the limit: with that one it is too large.

    Raises:
        NotRegularError: it is no regular file.
        OSError: it cannot be read.
    """
    _refuse_other_kinds(path.stat(), path)  # to open a device can do something by itself
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        _refuse_other_kinds(status, path)
        return RegularFile(file.read(limit + 1), stat.S_IMODE(status.st_mode))


def _refuse_other_kinds(status: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise NotRegularError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularError(errno.EINVAL, "not a regular file", str(path))
