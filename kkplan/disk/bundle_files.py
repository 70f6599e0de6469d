"""The files of an output folder, or of another pair, as they are on disk."""

from __future__ import annotations

from pathlib import Path

from kkplan.disk import DiskError, disk_error
from kkplan.disk.regular_file import is_symlink, read_unlinked
from kkplan.locale import T
from kkplan.plan.artifact import Artifact

_TELLING = ("keepalived.conf", "haproxy.cfg")


def read_bundle_files(folder: Path) -> tuple[Artifact, ...]:
    """The files of the LB servers, with their modes: those of each folder in it that has keepalived.conf or haproxy.cfg.

    Others are not read: the folder may be anyone's, with a .git or an editor's hidden copies in it. Symbolic links are not
    followed: what they lead to is not the pair's.

    Raises:
        DiskError: the folder or a file cannot be read, or is a symbolic link, or is larger than 1 MiB.
    """
    try:
        # Not by glob, for which an unreadable folder is an empty one.
        folders = [path for path in sorted(folder.iterdir()) if any((path / name).exists() for name in _TELLING)]
        for inner in folders:
            if inner.is_symlink():
                raise is_symlink(inner)
        paths = [path for inner in folders for path in sorted(inner.iterdir())]
        return tuple(
            _artifact(path, folder)
            for path in paths
            if not path.name.startswith(".") and (path.is_symlink() or not path.is_dir())
        )
    except OSError as error:
        raise disk_error(error, folder) from error


def _artifact(path: Path, folder: Path) -> Artifact:
    file = read_unlinked(path)
    if file is None:
        raise DiskError(T("another program has just removed this file"), file=str(path))
    try:
        # Not as text, which would turn CRLF into LF: exactly these bytes are rehearsed.
        return Artifact(str(path.relative_to(folder)), file.data.decode(), file.permissions & 0o777)
    except UnicodeDecodeError:
        raise DiskError(T("it is not a text file"), file=str(path)) from None
