"""Find the configs in a folder. What cannot be looked at is found as well, so that a check says so."""

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
    """The configs of KubeKey below the folder, sorted, and what is wrong where a folder cannot be searched.

    Links are followed, each folder once. Hidden files and folders are left out.

    Args:
        may_be_config: tells by the bytes of a file of that name.
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
                mode = 0  # a link to nothing, or gone by now
            except OSError as error:
                yield disk_error(error, path)
                continue
            if stat.S_ISDIR(mode):
                below.append(path)
            elif name.lower().endswith(_SUFFIXES) and looks_like_config(path, may_be_config):
                yield path
        waiting += reversed(below)


def looks_like_config(file: Path, may_be_config: MayBeConfig) -> bool:
    """Whether the file is a config of KubeKey, or may be one; one that cannot be read is named when it is read."""
    try:
        data = read_regular(file, MAX_BYTES).data
    except OSError:
        return True
    return len(data) > MAX_BYTES or may_be_config(data, str(file))
