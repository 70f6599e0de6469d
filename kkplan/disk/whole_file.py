"""Write a small file of kkplan's own so that it is there in full or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkstemp

from kkplan.disk import disk_error, sync_folder


def write_whole(path: Path, data: bytes) -> None:
    """Create or replace the file.

    Raises:
        DiskError: it cannot be written.
    """
    staged: Path | None = None
    try:
        descriptor, name = mkstemp(prefix=f".{path.name}.kkplan-", dir=path.parent)
        staged = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), 0o644)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise disk_error(error, path) from None
    finally:
        if staged is not None:
            staged.unlink(missing_ok=True)
