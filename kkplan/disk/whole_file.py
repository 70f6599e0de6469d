"""Write a small file of kkplan's own, in full or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kkplan.disk import DiskError, disk_error, sync_folder
from kkplan.disk.regular_file import NotRegularError, read_regular
from kkplan.disk.temporary import remove_file, write_temporary
from kkplan.locale import T, Text, named
from kkplan.plan.shell_path import shell_path

_LONGEST = 1 << 20  # bytes; enough to recognise a file


def refuse_other_files(path: Path, is_own: Callable[[bytes], bool], message: Text) -> None:
    """Check that the file may be overwritten: it does not exist, or begins like one of kkplan's own.

    Raises:
        DiskError: it is something else, cannot be read, or its folder does not exist.
    """
    try:
        if is_own(read_regular(path, _LONGEST).data):
            return
    except FileNotFoundError:
        if path.parent.is_dir():
            return
        advice = T(
            "Create the folder, then run this again: mkdir -p {folder}", folder=named(shell_path(str(path.parent)))
        )
        raise DiskError(T("its folder does not exist"), advice=advice, file=str(path)) from None
    except NotRegularError:
        pass
    except OSError as error:
        raise disk_error(error, path) from None
    raise DiskError(message, file=str(path))


def write_whole(path: Path, data: bytes, is_own: Callable[[bytes], bool], message: Text, mode: int = 0o644) -> None:
    """Create the file, or replace one of kkplan's own, which keeps its mode.

    Raises:
        DiskError: another file is in the way (with the message), or it cannot be written.
    """
    refuse_other_files(path, is_own, message)
    staged: Path | None = None
    try:
        with suppress(FileNotFoundError):
            mode = path.stat().st_mode & 0o777
        staged = write_temporary(path, data, lambda descriptor: os.fchmod(descriptor, mode))
        staged.replace(path)
        with suppress(OSError):  # the file is in place; it can be made again after a power failure
            sync_folder(path.parent)
    except OSError as error:
        raise disk_error(error, path) from None
    finally:
        if staged is not None:
            remove_file(staged)
