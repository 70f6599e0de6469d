"""The files of an output folder, as they are on disk."""

from __future__ import annotations

from pathlib import Path

from kkplan.disk import DiskError, disk_error
from kkplan.locale import T
from kkplan.plan.artifact import Artifact


def read_bundle_files(folder: Path) -> tuple[Artifact, ...]:
    """The text files one level below the folder, with their modes: those of the LB servers.

    Raises:
        DiskError: the folder cannot be read.
    """
    try:
        # Not by glob, which takes a folder that it may not read for an empty one.
        folders = [path for path in folder.iterdir() if path.is_dir()]
        paths = sorted(path for inner in folders for path in inner.iterdir() if path.is_file())
        return tuple(
            Artifact(str(path.relative_to(folder)), path.read_text(encoding="utf-8"), path.stat().st_mode & 0o777)
            for path in paths
        )
    except UnicodeDecodeError:
        raise DiskError(T("a file in it is no text"), file=str(folder)) from None
    except OSError as error:
        raise disk_error(error, folder) from error
