"""The output folder: what is in it, and replacing it as a whole.

kkplan knows its own files by SHA256SUMS, which it writes with them and marks in the first line;
`sha256sum -c SHA256SUMS` checks a copy.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kkplan.disk import DiskError, disk_error, sync_folder
from kkplan.disk.config_file import write_backup
from kkplan.disk.temporary import ASIDE, prefix, remove
from kkplan.disk.unfit_folder import refuse_others_folder, refuse_unfit
from kkplan.locale import T, named
from kkplan.plan.artifact import Artifact
from kkplan.plan.plan import FileAction, PlannedFile

if TYPE_CHECKING:
    from datetime import datetime

SUMS = "SHA256SUMS"
SUMS_MARK = "# The files that kkplan wrote here"  # sha256sum skips it; other people's lists have none

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # renameat2(2)


def with_sums(artifacts: Sequence[Artifact]) -> tuple[Artifact, ...]:
    """The artifacts and the list of their checksums, in the format of sha256sum(1)."""
    if not artifacts:
        return ()
    lines = [f"{_digest(artifact.content.encode())}  {artifact.path}\n" for artifact in artifacts]
    return (*artifacts, Artifact(SUMS, "".join([f"{SUMS_MARK}\n", *sorted(lines, key=lambda line: line[66:])])))


def compare(folder: Path, artifacts: Sequence[Artifact]) -> tuple[PlannedFile, ...]:
    """What has to happen to each file so that the folder holds the artifacts and nothing outdated of kkplan's own.

    Raises:
        DiskError: the folder is no folder, or one that must not be replaced as a whole.
    """
    if not artifacts:
        return ()
    try:
        return tuple(_compared(folder, artifacts))
    except OSError as error:
        raise disk_error(error, folder) from None


def _compared(folder: Path, artifacts: Sequence[Artifact]) -> Iterator[PlannedFile]:
    refuse_unfit(folder, real_folder(folder))
    own = _recorded_sums(folder)
    wanted = {artifact.path for artifact in artifacts}
    if not own:
        refuse_others_folder(folder, {Path(path).parts[0] for path in wanted})
    for artifact in artifacts:
        yield _planned(folder, artifact, own)
    for path in sorted(set(own) - wanted):
        is_file = (folder / path).is_file() and _blocked_at(folder, path) is None
        previous = _read(folder / path) if is_file else None
        if previous is not None and _digest(previous) == own[path]:
            yield PlannedFile(Artifact(path, ""), FileAction.REMOVE, previous.decode("utf-8", "replace"))


def _planned(folder: Path, artifact: Artifact, own: dict[str, str]) -> PlannedFile:
    path = folder / artifact.path
    blocked_at = _blocked_at(folder, artifact.path)
    if blocked_at is not None:
        raise DiskError(
            T("a file or a link stands where a folder is to be written. Move it away"), file=str(blocked_at)
        )
    previous = _read(path)
    if previous is None:
        return PlannedFile(artifact, FileAction.CREATE)
    text = previous.decode("utf-8", "replace")
    if previous == artifact.content.encode():
        same_mode = path.stat().st_mode & 0o777 == artifact.mode
        return PlannedFile(artifact, FileAction.KEEP if same_mode else FileAction.REPLACE, text)
    is_own = own.get(artifact.path) == _digest(previous) or (artifact.path == SUMS and bool(own))
    return PlannedFile(artifact, FileAction.REPLACE if is_own else FileAction.OVERWRITE, text)


def _blocked_at(folder: Path, path: str) -> Path | None:
    """What stands in the way to the path and is no folder of its own; through a link, others' files would be written."""
    steps = [folder / step for step in Path(path).parents if step != Path()]
    return next((step for step in steps if step.is_symlink() or (step.exists() and not step.is_dir())), None)


def real_folder(folder: Path) -> Path:
    """The folder itself where it is a symlink.

    Raises:
        DiskError: the links are a loop, or cannot be read: a link must never be taken for the folder.
    """
    try:
        return Path(os.path.realpath(folder, strict=True))
    except FileNotFoundError:
        return Path(os.path.realpath(folder))
    except OSError as error:
        raise disk_error(error, folder) from None


def holds_bundle(folder: Path) -> bool:
    """Whether kkplan has written files into the folder; not where that cannot be read."""
    with suppress(DiskError):
        return bool(_recorded_sums(folder))
    return False


def _recorded_sums(folder: Path) -> dict[str, str]:
    """Path → checksum of the files that kkplan wrote; paths that would leave the folder do not count."""
    data = _read(folder / SUMS)
    lines = data.decode("utf-8", "replace").splitlines() if data is not None else []
    if lines[:1] != [SUMS_MARK]:
        return {}
    sums = {line[66:]: line[:64] for line in lines if line[64:66] == "  "}
    return {
        path: digest for path, digest in sums.items() if ".." not in Path(path).parts and not Path(path).is_absolute()
    }


def _read(path: Path) -> bytes | None:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise DiskError(T("a folder stands where a file is to be written. Move it away"), file=str(path))
        if not stat.S_ISREG(mode):  # reading a pipe would never end
            raise DiskError(T("no regular file, where one is to be written. Move it away"), file=str(path))
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise disk_error(error, path) from None


def _digest(data: bytes) -> str:
    from hashlib import sha256  # takes OpenSSL with it, which few runs need

    return sha256(data).hexdigest()


class StagedBundle:
    """A new output folder, written in full beside the old one and waiting to take its place.

    Attributes:
        folder: the real folder.
        backups: where files that kkplan did not write are kept, below the folder.
    """

    def __init__(self, folder: Path, staged: Path, before: Snapshot | None, backups: tuple[str, ...]) -> None:
        self.folder = folder
        self.backups = backups
        self._staged = staged
        self._before = before

    def commit(self) -> None:
        """Put the new folder in the old one's place, in one step.

        Raises:
            DiskError: someone has changed the old one meanwhile.
            OSError: it cannot be done; the old one is in its place.
        """
        if _snapshot(self.folder) != self._before:
            raise _changed(self.folder)
        self._swap()
        try:
            sync_folder(self.folder.parent)
        except BaseException:
            self.roll_back()
            raise

    def roll_back(self) -> None:
        """Undo the commit.

        Raises:
            DiskError: that is not possible either.
        """
        try:
            if self._before is None:
                self.folder.rename(self._staged)
            else:
                self._swap()
        except OSError as error:
            raise DiskError(
                T(
                    "{reason}. The new files are in this folder, but the config is as it was: do not use them yet. "
                    "Check the disk (dmesg), then run kkplan again",
                    reason=named(error.strerror),
                ),
                file=str(self.folder),
            ) from None

    def _swap(self) -> None:
        if self._before is None:
            self._staged.rename(self.folder)
        else:
            _exchange(self._staged, self.folder)


@contextmanager
def staged_bundle(folder: Path, files: Sequence[PlannedFile], now: datetime) -> Iterator[StagedBundle | None]:
    """Write the files into a new folder beside the output folder, with what else is in that one; None for no files.

    Raises:
        DiskError: there is no room, or no permission, or someone has changed the folder since it was planned for.
    """
    if not files:
        yield None
        return
    real = real_folder(folder)
    staged: Path | None = None
    try:
        before = _snapshot(real)
        wanted = [file.artifact for file in files if file.action is not FileAction.REMOVE]
        if compare(folder, wanted) != tuple(files):
            raise _changed(folder)
        if all(file.action is FileAction.KEEP for file in files):
            yield None
            return
        import shutil  # nor does it make folders
        from tempfile import mkdtemp

        staged = Path(mkdtemp(prefix=prefix(real), dir=real.parent))
        if before is None:
            staged.chmod(0o755)
        else:
            shutil.copytree(real, staged, symlinks=True, dirs_exist_ok=True, copy_function=_link)
            _copy_owners(real, staged)
        backups = tuple(_write_all(staged, files, now))
        for path, _, _ in os.walk(staged):
            sync_folder(Path(path))
        yield StagedBundle(real, staged, before, backups)
    except OSError as error:
        raise disk_error(error, folder) from None
    finally:
        if staged is not None:
            remove(staged)


@contextmanager
def parents_made(folder: Path) -> Iterator[None]:
    """Make the folders above the folder; those that are new go again on an error.

    Raises:
        DiskError: they cannot be made.
    """
    made: list[Path] = []
    try:
        missing = [parent for parent in real_folder(folder).parents if not parent.exists()]
        for parent in reversed(missing):
            parent.mkdir(exist_ok=True)
            made.append(parent)
            sync_folder(parent.parent)
        yield
    except BaseException as error:
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()
        if isinstance(error, OSError):
            raise disk_error(error, folder) from None
        raise


def put_back(folder: Path, leftover: Path) -> None:
    """Where a kill fell between the renames of a disk without RENAME_EXCHANGE: give the old folder its name again.

    Where there is a folder of that name, the one aside stays: nobody knows what was done since.

    Raises:
        DiskError: it was so; the plan was made without what is in the folder.
    """
    if not os.path.lexists(folder):
        try:
            leftover.rename(folder)
        except OSError as error:
            raise disk_error(error, folder) from None
        raise DiskError(
            T("an earlier run was killed and had put this folder aside; it is back now. Plan again"), file=str(folder)
        )


Snapshot = dict[str, tuple[int, ...]]


def _snapshot(folder: Path) -> Snapshot | None:
    """What tells that anything in the folder has changed; None where there is none.

    Raises:
        DiskError: another file system is mounted in it: it could not be moved, and its files would be lost.
    """
    if not folder.exists():
        return None
    found: Snapshot = {}
    device = folder.stat().st_dev
    for parent, folders, files in os.walk(folder, onerror=_raise):
        for path in (Path(parent, name) for name in (*folders, *files)):
            status = path.lstat()
            if status.st_dev != device:
                raise DiskError(
                    T(
                        "another file system is mounted here, so the output folder cannot be replaced. Choose another one"
                    ),
                    file=str(path),
                )
            found[str(path)] = (status.st_ino, status.st_mode, status.st_mtime_ns, status.st_size)
    return found


def _raise(error: OSError) -> None:
    raise error


def _changed(folder: Path) -> DiskError:
    return DiskError(
        T("the output folder was changed by someone else just now; nothing was written. Plan again"), file=str(folder)
    )


def _copy_owners(source: Path, target: Path) -> None:
    """The folders' owners; those of the files came along."""
    for parent, _, _ in os.walk(source, onerror=_raise):
        status = Path(parent).stat()
        with suppress(PermissionError):
            os.chown(target / Path(parent).relative_to(source), status.st_uid, status.st_gid)


def _link(source: str, target: str) -> str:
    """Bring a file along without copying it where the file system can."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        import shutil

        shutil.copy2(source, target, follow_symlinks=False)
        with suppress(OSError), open(target, "rb") as file:  # noqa: PTH123
            os.fsync(file.fileno())
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
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
        elif file.action is not FileAction.KEEP:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, file.artifact)


def _write(path: Path, artifact: Artifact) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(artifact.content.encode())
        os.fchmod(file.fileno(), artifact.mode)
        file.flush()
        os.fsync(file.fileno())


def _exchange(one: Path, other: Path) -> None:
    """Swap two folders in one step; in two where the kernel or the file system cannot."""
    import ctypes  # a plan, which is to be quick, exchanges nothing

    libc = ctypes.CDLL(None, use_errno=True)
    renameat2 = getattr(libc, "renameat2", None)
    names = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
    if renameat2 is not None and renameat2(*names, _RENAME_EXCHANGE) == 0:
        return
    aside = one.with_name(f"{one.name}{ASIDE}")
    other.rename(aside)
    try:
        one.rename(other)
        aside.rename(one)
    except OSError:
        if not one.exists():
            other.rename(one)
        aside.rename(other)
        raise
