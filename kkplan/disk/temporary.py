"""Temporary files beside what they replace: `.NAME.kkplan-XXXXXXXX`. Only a kill can leave one.

Each function takes a path, or with `folder` a name that is looked up in that open folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

# Only files: a folder with such a name is not kkplan's.
TEMPORARY_NAME = re.compile(r"\.(?P<of>.+)\.kkplan-[0-9a-f]{8}", re.DOTALL)


def write_temporary(path: Path, data: bytes, finish: Callable[[int], None], folder: int | None = None) -> Path:
    """The data in a durable file beside the path, readable by its owner only until `finish` is called with it."""
    temporary = path.with_name(f".{path.name}.kkplan-{os.urandom(4).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), 0o600)  # a umask such as 0777 has taken even the owner's bits
            file.write(data)
            finish(file.fileno())
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        remove_file(temporary, folder)
        raise
    return temporary


def remove_leftovers(paths: Iterable[Path], is_own: Callable[[Path], bool], folder: int | None = None) -> None:
    """Remove the paths that are temporaries of kkplan's files; under a lock, they are left from killed runs."""
    for path in paths:
        match = TEMPORARY_NAME.fullmatch(path.name)
        if match and is_own(path.with_name(match["of"])):
            remove_file(path, folder)


def remove_file(path: Path, folder: int | None = None) -> None:
    """Remove the file if it exists; tries twice if the disk fails."""
    for _ in range(2):
        try:
            os.unlink(path, dir_fd=folder)
        except FileNotFoundError:
            return
        except OSError:
            continue
        return
