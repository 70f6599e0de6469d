"""Write a small file of kkplan's own so that it is there in full or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from kkplan.disk import disk_error, sync_folder
from kkplan.disk.temporary import remove_file, write_temporary


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
