"""Find the configs in a folder. Unreadable files and folders are found as well, so that a check reports them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from kkplan.disk import DiskError, disk_error
from kkplan.disk.regular_file import read_regular
from kkplan.document.decode import MAX_BYTES

_SUFFIXES = (".yaml", ".yml", ".json")


MayBeConfig = Callable[[bytes, str], bool]


def configs_in(folder: Path, may_be_config: MayBeConfig) -> Iterator[Path | DiskError]:
    """The KubeKey configs in the folder, sorted, and errors for folders that cannot be searched.

    Links are followed, each folder once. Hidden files and folders are left out.

    Args:
        may_be_config: decides by the bytes of a file with that name.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        searched = waiting.pop()
        try:
            status = searched.stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            names = sorted(name for name in os.listdir(searched) if not name.startswith("."))  # noqa: PTH208
        except OSError as error:
            yield disk_error(error, searched)
            continue
        below = []
        for name in names:
            path = searched / name
            try:
                mode = path.stat().st_mode
            except FileNotFoundError:
                mode = 0  # a broken link, or removed by now
            except OSError as error:
                yield disk_error(error, path)
                continue
            if stat.S_ISDIR(mode):
                below.append(path)
            elif name.lower().endswith(_SUFFIXES) and looks_like_config(path, may_be_config):
                yield path
        waiting += reversed(below)


def looks_like_config(file: Path, may_be_config: MayBeConfig) -> bool:
    """Whether the file is or may be a KubeKey config; an unreadable one is reported when it is read."""
    try:
        data = read_regular(file, MAX_BYTES).data
    except OSError:
        return True
    return len(data) > MAX_BYTES or may_be_config(data, str(file))
