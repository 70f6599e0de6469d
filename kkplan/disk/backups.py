"""Backups: the old contents of a file, beside it, under a name with the time; how to write and find them."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from kkplan.disk import DiskError, disk_error, opened_folder
from kkplan.disk.regular_file import NotRegularError, is_symlink, read_regular
from kkplan.disk.temporary import remove_file, write_temporary
from kkplan.document.decode import MAX_BYTES
from kkplan.locale import T

_STAMP = "%Y%m%dT%H%M%S"
_BACKUP_NAME = re.compile(
    r"(?P<of>.+)\.bak-(?P<stamp>[0-9]{8}T[0-9]{6})(?:-(?P<number>[2-9]|[1-9][0-9]{1,2}))?", re.DOTALL
)


class Backup(NamedTuple):
    """A backup that kkplan wrote.

    Attributes:
        path: where it is, in the folder of the file itself.
        made: when, by the clock of the machine that wrote it.
        data: its bytes.
    """

    path: Path
    made: datetime
    data: bytes


def backups_of(path: Path, owners: frozenset[int]) -> Iterator[Backup | DiskError]:
    """The backups of the file at the real path, the newest first, each read when it is asked for.

    A file with the name of a backup that cannot be trusted is an error with the reason: anyone could have put it there.

    Args:
        owners: the UIDs of those whose backups count.

    Raises:
        DiskError: the folder cannot be read.
    """
    try:
        with opened_folder(path.parent) as folder:
            names = os.listdir(folder)  # noqa: PTH208 - an open folder
            for made, _, name in sorted(_named_backups(path.name, names), reverse=True):
                backup = path.with_name(name)
                try:
                    yield Backup(backup, made, _read_backup(backup, folder, owners))
                except FileNotFoundError:
                    continue  # removed since it was listed
                except DiskError as error:
                    yield error
    except OSError as error:
        raise disk_error(error, path.parent) from None


def _named_backups(of: str, names: list[str]) -> Iterator[tuple[datetime, int, str]]:
    for name in names:
        match = _BACKUP_NAME.fullmatch(name)
        if match and match["of"] == of:
            with suppress(ValueError):  # no such day
                yield datetime.strptime(match["stamp"], _STAMP), int(match["number"] or 1), name


def _read_backup(path: Path, folder: int, owners: frozenset[int]) -> bytes:
    try:
        file = read_regular(Path(path.name), MAX_BYTES, folder, follow_symlinks=False)
    except NotRegularError:
        raise DiskError(T("this is not a regular file"), file=str(path)) from None
    except FileNotFoundError:
        raise
    except OSError as error:
        raise (is_symlink(path) if error.errno == errno.ELOOP else disk_error(error, path)) from None
    if file.owner not in owners:
        raise DiskError(T("this file belongs to another user (UID {uid})", uid=file.owner), file=str(path))
    if file.links > 1:  # a hard link to any file of the machine
        raise DiskError(T("this file has other names (hard links: {count})", count=file.links - 1), file=str(path))
    if len(file.data) > MAX_BYTES:
        raise DiskError(T("larger than the limit of {size} MiB", size=MAX_BYTES >> 20), file=str(path))
    return file.data


def write_backup(path: Path, data: bytes, now: datetime, folder: int | None = None) -> Path:
    """Keep the contents beside the file (a path below the open folder), readable by its owner only, under a name that is free."""
    status = os.stat(path, dir_fd=folder, follow_symlinks=False)

    def give_away(descriptor: int) -> None:
        with suppress(PermissionError):
            os.fchown(descriptor, status.st_uid, status.st_gid)

    stamp = now.strftime(_STAMP)
    temporary = write_temporary(path, data, give_away, folder)
    try:
        for number in range(1, 1000):
            backup = path.with_name(f"{path.name}.bak-{stamp}" + (f"-{number}" if number > 1 else ""))
            with suppress(FileExistsError):
                _rename_to_new(temporary, backup, folder)
                return backup
    finally:
        remove_file(temporary, folder)
    raise DiskError(T("too many backups within this second"), file=str(path))


def _rename_to_new(old: Path, new: Path, folder: int | None) -> None:
    """Rename; FileExistsError where the name is taken. A hard link does both in one step where the disk has them."""
    with suppress(FileNotFoundError):
        os.stat(new, dir_fd=folder, follow_symlinks=False)
        raise FileExistsError
    try:
        os.link(old, new, src_dir_fd=folder, dst_dir_fd=folder)
    except FileExistsError:
        raise
    except OSError:
        os.rename(old, new, src_dir_fd=folder, dst_dir_fd=folder)
