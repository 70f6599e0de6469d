"""Read regular files only: a pipe would wait for a writer, and a device has no end."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from fcntl import ioctl
from pathlib import Path
from typing import NamedTuple

from kkplan.disk import DiskError, disk_error
from kkplan.locale import T, named
from kkplan.plan.shell_path import shell_path

_LONGEST = 1 << 20  # bytes; what kkplan writes is a fiftieth of it
_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY

# ioctl_iflags(2), linux/fs.h: FS_IOC_GETFLAGS, FS_IMMUTABLE_FL and FS_APPEND_FL on most architectures; elsewhere, and on
# file systems without such flags, the call fails.
_GET_FLAGS = 0x80086601
_IMMUTABLE_OR_APPEND_ONLY = 0x10 | 0x20


class RegularFile(NamedTuple):
    """A file as it was read.

    Attributes:
        data: its bytes, up to the limit and one more.
        permissions: its permission bits.
        owner: its user ID.
        links: how many names it has.
    """

    data: bytes
    permissions: int
    owner: int
    links: int


class NotRegularError(OSError):
    """A folder (errno is EISDIR), a pipe, a socket or a device."""


def read_regular(path: Path, limit: int, folder: int | None = None, *, follow_symlinks: bool = True) -> RegularFile:
    """The file's first bytes, one more than the limit: with that one it is too large.

    Args:
        folder: an open folder that the path is relative to.

    Raises:
        NotRegularError: it is not a regular file.
        OSError: it cannot be read; errno is ELOOP for a link that must not be followed.
    """
    # Checked before it is opened: opening a device can trigger it.
    _refuse_other_kinds(os.stat(path, dir_fd=folder, follow_symlinks=follow_symlinks), path)
    descriptor = os.open(path, _OPEN | (0 if follow_symlinks else os.O_NOFOLLOW), dir_fd=folder)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        _refuse_other_kinds(status, path)
        data = file.read(limit + 1)
        return RegularFile(data, stat.S_IMODE(status.st_mode), status.st_uid, status.st_nlink)


def _refuse_other_kinds(status: os.stat_result, path: Path) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    if stat.S_ISDIR(status.st_mode):
        raise NotRegularError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularError(errno.EINVAL, "not a regular file", str(path))


def read_unlinked(path: Path, folder: int | None = None) -> RegularFile | None:
    """The file at the path, or at the path below an open folder, where others may put a link; None if there is none.

    Raises:
        DiskError: it is a link, not a regular file, larger than 1 MiB, or cannot be read.
    """
    try:
        file = read_regular(path, _LONGEST, folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    except NotRegularError:
        raise DiskError(T("this is not a regular file"), advice=T("Move it away"), file=str(path)) from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise is_symlink(path) from None
        raise disk_error(error, path) from None
    if len(file.data) > _LONGEST:
        raise DiskError(
            T("larger than the limit of {size} MiB", size=_LONGEST >> 20), advice=T("Move it away"), file=str(path)
        )
    return file


def has_access_list(descriptor: int) -> bool:
    """Whether the open file or folder has an access list (acl(5)), or may have one."""
    try:
        return "system.posix_acl_access" in os.listxattr(descriptor)
    except OSError as error:
        return error.errno != errno.ENOTSUP


def is_symlink(path: Path) -> DiskError:
    """The path is a symbolic link where others may have put one: it could lead to any file of the machine."""
    return DiskError(
        T("this is a symbolic link; kkplan does not follow it"),
        advice=T("Move it away, or replace it with a copy"),
        file=str(path),
    )


def refuse_protected(path: Path) -> None:
    """Check that the file, or what is in the folder, can be replaced: chattr(1) can prevent it even for root.

    Raises:
        DiskError: it is immutable or append-only.
    """
    flags = bytearray(8)
    with suppress(OSError):
        descriptor = os.open(path, _OPEN)
        try:
            ioctl(descriptor, _GET_FLAGS, flags)
        finally:
            os.close(descriptor)
    if int.from_bytes(flags[:4], sys.byteorder) & _IMMUTABLE_OR_APPEND_ONLY:
        command = f"chattr -i -a {shell_path(str(path))}"
        raise DiskError(
            T("it is immutable or append-only"), advice=T("Run: {command}", command=named(command)), file=str(path)
        )
