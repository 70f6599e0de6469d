"""The files of an output folder, as they are on disk."""

from __future__ import annotations

from pathlib import Path

from kkplan.disk import DiskError, disk_error
from kkplan.locale import T
from kkplan.plan.artifact import Artifact

_LONGEST = 1 << 20  # bytes
_TELLING = ("keepalived.conf", "haproxy.cfg")


def read_bundle_files(folder: Path) -> tuple[Artifact, ...]:
    """The files of the LB servers, with their modes: those of each folder in it that has keepalived.conf or haproxy.cfg.

    Others are not read: the folder may be anyone's, with a .git or an editor's hidden copies in it. Symbolic links are not
    followed: what they lead to is not the pair's.

    Raises:
        DiskError: the folder or a file cannot be read, is a symbolic link, or is too long.
    """
    try:
        # Not by glob, which takes a folder that it may not read for an empty one.
        folders = [path for path in sorted(folder.iterdir()) if any((path / name).is_file() for name in _TELLING)]
        paths = [path for inner in folders for path in sorted(inner.iterdir()) if not path.name.startswith(".")]
        for path in (*folders, *paths):
            if path.is_symlink():
                raise DiskError(T("symbolic links are not followed; replace it with a copy"), file=str(path))
        return tuple(_artifact(path, folder) for path in paths if path.is_file())
    except OSError as error:
        raise disk_error(error, folder) from error


def _artifact(path: Path, folder: Path) -> Artifact:
    with path.open("rb") as file:
        # Not as text, which would read CRLF as LF: what is tried are these very bytes.
        data = file.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise DiskError(
            T("larger than {size} MiB, the limit for a file of a pair", size=_LONGEST >> 20), file=str(path)
        )
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise DiskError(T("it is no text"), file=str(path)) from None
    return Artifact(str(path.relative_to(folder)), text, path.stat().st_mode & 0o777)
