"""The files of an output folder, as they are on disk."""

from __future__ import annotations

from pathlib import Path

from kkplan.disk import DiskError, disk_error
from kkplan.locale import T
from kkplan.plan.artifact import Artifact

_TELLING = ("keepalived.conf", "haproxy.cfg")


def read_bundle_files(folder: Path) -> tuple[Artifact, ...]:
    """The files of the LB servers, with their modes: those of each folder in it that has keepalived.conf or haproxy.cfg.

    Others are not read: the folder may be anyone's, with a .git or an editor's hidden copies in it.

    Raises:
        DiskError: the folder or a file cannot be read.
    """
    try:
        # Not by glob, which takes a folder that it may not read for an empty one.
        folders = [path for path in sorted(folder.iterdir()) if any((path / name).is_file() for name in _TELLING)]
        paths = [path for inner in folders for path in sorted(inner.iterdir())]
        return tuple(_artifact(path, folder) for path in paths if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        raise disk_error(error, folder) from error


def _artifact(path: Path, folder: Path) -> Artifact:
    try:
        # Not as text, which would read CRLF as LF: what is tried are these very bytes.
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        raise DiskError(T("it is no text"), file=str(path)) from None
    return Artifact(str(path.relative_to(folder)), text, path.stat().st_mode & 0o777)
