"""Temporary files and folders beside what they replace: `.NAME.kkplan-XXXXXXXX`. Only a kill can leave one behind."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ASIDE = "-old"  # the old folder, for the moment that a file system without RENAME_EXCHANGE needs


def prefix(path: Path) -> str:
    """What the names of the temporaries of a file or folder begin with."""
    return f".{path.name}.kkplan-"


def leftovers(path: Path) -> list[Path]:
    """The temporaries beside a file or folder; while the folder is locked, those of runs that were killed."""
    shape = re.compile(re.escape(prefix(path)) + f"[a-z0-9_]{{8}}({ASIDE})?")
    try:
        return sorted(beside for beside in path.parent.iterdir() if shape.fullmatch(beside.name))
    except OSError:
        return []


def write_temporary(path: Path, data: bytes, finish: Callable[[int], None]) -> Path:
    """The data in a durable file beside the path, readable by its owner only until `finish` is called with it."""
    from tempfile import mkstemp  # a plan, which is to be quick, writes nothing

    descriptor, name = mkstemp(prefix=prefix(path), dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            finish(file.fileno())
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        remove_file(temporary)
        raise
    return temporary


def remove_file(path: Path) -> None:
    """Remove the file if it is there; a disk that fails once is asked twice."""
    for _ in range(2):
        with suppress(OSError):
            path.unlink(missing_ok=True)
            return


def remove(path: Path) -> None:
    """Remove a file or a whole folder, and one that may not be written to as well."""
    import shutil  # a plan, which is to be quick, removes nothing

    for _ in range(2):
        with suppress(OSError):
            if path.is_symlink() or not path.is_dir():
                path.unlink(missing_ok=True)
            else:
                shutil.rmtree(path)
            return
        for folder, _, _ in os.walk(path):
            with suppress(OSError):
                Path(folder).chmod(0o700)
    with suppress(OSError):
        shutil.rmtree(path, ignore_errors=True)
