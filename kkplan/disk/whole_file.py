"""Write a small file of kkplan's own so that it is there in full or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kkplan.disk import DiskError, disk_error, sync_folder
from kkplan.disk.regular_file import NotRegularError, read_regular
from kkplan.disk.temporary import remove_file, write_temporary
from kkplan.locale import Text

_LONGEST = 1 << 20  # bytes; tells what a file is


def refuse_other_files(path: Path, is_own: Callable[[bytes], bool], message: Text) -> None:
    """Make sure that the file may be written over: it is not there, or its beginning is that of kkplan's own.

    Raises:
        DiskError: it is something else, or cannot be read.
    """
    try:
        if is_own(read_regular(path, _LONGEST).data):
            return
    except FileNotFoundError:
        return
    except NotRegularError:
        pass
    except OSError as error:
        raise disk_error(error, path) from None
    raise DiskError(message, file=str(path))


def write_whole(path: Path, data: bytes) -> None:
    """Create or replace the file.

    Raises:
        DiskError: it cannot be written.
    """
    staged: Path | None = None
    try:
        staged = write_temporary(path, data, lambda descriptor: os.fchmod(descriptor, 0o644))
        staged.replace(path)
        with suppress(OSError):  # the file is in place; it can be made again after a power failure
            sync_folder(path.parent)
    except OSError as error:
        raise disk_error(error, path) from None
    finally:
        if staged is not None:
            remove_file(staged)
