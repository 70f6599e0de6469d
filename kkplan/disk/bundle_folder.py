"""The output folder: what is in it, and replacing it as a whole.

kkplan knows its own files by SHA256SUMS, which it writes with them; `sha256sum -c SHA256SUMS` checks a copy.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from kkplan.disk import DiskError, disk_error, sync_folder
from kkplan.disk.config_file import write_backup
from kkplan.locale import T
from kkplan.plan.artifact import Artifact
from kkplan.plan.plan import FileAction, PlannedFile

SUMS = "SHA256SUMS"

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # renameat2(2)


def with_sums(artifacts: Sequence[Artifact]) -> tuple[Artifact, ...]:
    """The artifacts and the list of their checksums, in the format of sha256sum(1)."""
    if not artifacts:
        return ()
    lines = [f"{_digest(artifact.content.encode())}  {artifact.path}\n" for artifact in artifacts]
    return (*artifacts, Artifact(SUMS, "".join(sorted(lines, key=lambda line: line[66:]))))


def compare(folder: Path, artifacts: Sequence[Artifact]) -> tuple[PlannedFile, ...]:
    """What has to happen to each file so that the folder holds the artifacts and nothing outdated of kkplan's own.

    Raises:
        DiskError: the folder is no folder, or one that must not be replaced as a whole.
    """
    if not artifacts:
        return ()
    _refuse_unfit(folder)
    own = _recorded_sums(folder)
    wanted = {artifact.path for artifact in artifacts}
    planned = [_planned(folder, artifact, own) for artifact in artifacts]
    for path in sorted(set(own) - wanted):
        previous = _read(folder / path)
        if previous is not None and _digest(previous) == own[path]:
            artifact = Artifact(path, "")
            planned.append(PlannedFile(artifact, FileAction.REMOVE, previous.decode("utf-8", "replace")))
    return tuple(planned)


def _planned(folder: Path, artifact: Artifact, own: dict[str, str]) -> PlannedFile:
    path = folder / artifact.path
    previous = _read(path)
    if previous is None:
        return PlannedFile(artifact, FileAction.CREATE)
    text = previous.decode("utf-8", "replace")
    if previous == artifact.content.encode():
        same_mode = path.stat().st_mode & 0o777 == artifact.mode
        return PlannedFile(artifact, FileAction.KEEP if same_mode else FileAction.REPLACE, text)
    is_own = own.get(artifact.path) == _digest(previous) or (artifact.path == SUMS and bool(own))
    return PlannedFile(artifact, FileAction.REPLACE if is_own else FileAction.OVERWRITE, text)


def _refuse_unfit(folder: Path) -> None:
    real = folder.resolve()
    if real.exists() and not real.is_dir():
        raise DiskError(T("the output folder is a file. Choose another one with --output-dir"), file=str(folder))
    if Path.cwd().resolve().is_relative_to(real) or real.is_mount():
        raise DiskError(
            T("the output folder is replaced as a whole, so it cannot be this one. Choose a new one with --output-dir"),
            file=str(folder),
        )


def _recorded_sums(folder: Path) -> dict[str, str]:
    """Path → checksum of the files that kkplan wrote; paths that would leave the folder do not count."""
    data = _read(folder / SUMS)
    lines = data.decode("utf-8", "replace").splitlines() if data is not None else []
    sums = {line[66:]: line[:64] for line in lines if line[64:66] == "  "}
    return {
        path: digest for path, digest in sums.items() if ".." not in Path(path).parts and not Path(path).is_absolute()
    }


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        raise DiskError(T("a folder stands where a file is to be written. Move it away"), file=str(path)) from None
    except OSError as error:
        raise disk_error(error, path) from None


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


class StagedBundle:
    """A new output folder, written in full beside the old one and waiting to take its place.

    Attributes:
        folder: the real folder.
        backups: where files that kkplan did not write are kept, below the folder.
    """

    def __init__(self, folder: Path, staged: Path, backups: tuple[str, ...]) -> None:
        self.folder = folder
        self.backups = backups
        self._staged = staged
        self._exchanged = False

    def commit(self) -> None:
        """Put the new folder in the old one's place, in one step."""
        if self.folder.exists():
            _exchange(self._staged, self.folder)
            self._exchanged = True
        else:
            self._staged.rename(self.folder)
        sync_folder(self.folder.parent)

    def roll_back(self) -> None:
        """Undo the commit."""
        if self._exchanged:
            _exchange(self._staged, self.folder)
            self._exchanged = False
        else:
            self.folder.rename(self._staged)


@contextmanager
def staged_bundle(folder: Path, files: Sequence[PlannedFile], now: datetime) -> Iterator[StagedBundle | None]:
    """Write the files into a new folder beside the output folder, with what else is in that one; None for no files.

    Raises:
        DiskError: there is no room, or no permission.
    """
    if all(file.action is FileAction.KEEP for file in files):
        yield None
        return
    real = folder.resolve()
    staged: Path | None = None
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(mkdtemp(prefix=f".{real.name}.kkplan-", dir=real.parent))
        staged.chmod(real.stat().st_mode & 0o7777 if real.exists() else 0o755)
        if real.exists():
            shutil.copytree(real, staged, symlinks=True, dirs_exist_ok=True, copy_function=_link)
        yield StagedBundle(real, staged, tuple(_write_all(staged, files, now)))
    except PermissionError as error:
        raise DiskError(
            T("no permission to write here ({reason}); nothing was changed", reason=error.strerror), file=str(folder)
        ) from None
    except OSError as error:
        raise disk_error(error, folder) from None
    finally:
        if staged is not None:
            shutil.rmtree(staged, ignore_errors=True)


def _link(source: str, target: str) -> str:
    """Bring a file along without copying it where the file system can."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
    return target


def _write_all(staged: Path, files: Sequence[PlannedFile], now: datetime) -> Iterator[str]:
    """Write the planned files into the staged folder; yields the paths of the backups."""
    for file in files:
        path = staged / file.artifact.path
        if file.action is FileAction.OVERWRITE:
            yield str(write_backup(path, path.read_bytes(), now).relative_to(staged))
        if file.action is not FileAction.KEEP:
            path.unlink(missing_ok=True)
        if file.action is FileAction.REMOVE:
            with suppress(OSError):  # a folder that others still use stays
                path.parent.rmdir()
        elif file.action is not FileAction.KEEP:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, file.artifact)
    for folder in {staged, *(staged / file.artifact.path for file in files)}:
        parent = folder if folder.is_dir() else folder.parent
        if parent.is_dir():
            sync_folder(parent)


def _write(path: Path, artifact: Artifact) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(artifact.content.encode())
        os.fchmod(file.fileno(), artifact.mode)
        file.flush()
        os.fsync(file.fileno())


def _exchange(one: Path, other: Path) -> None:
    """Swap two folders in one step; in two where the kernel or the file system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    renameat2 = getattr(libc, "renameat2", None)
    names = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
    if renameat2 is not None and renameat2(*names, _RENAME_EXCHANGE) == 0:
        return
    aside = other.with_name(f"{one.name}-old")
    other.rename(aside)
    try:
        one.rename(other)
    except OSError:
        aside.rename(other)
        raise
    aside.rename(one)
