"""The output folder, held open so that no other can take its place between a check and a write.

Links, mounts, and folders that belong to another user or that others can write to are refused. Then nobody but the user
(and root) can change what is in the folder, and a path below its descriptor leads nowhere else.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from kkplan.disk import DiskError, disk_error, sync_folder
from kkplan.disk.regular_file import RegularFile, mount_of, read_unlinked, refuse_protected
from kkplan.locale import T, Text, named
from kkplan.plan.shell_path import shell_path

_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class OutputFolder:
    """The folder, and what is read and changed in it; closed with the stack.

    Attributes:
        path: the folder as the user named it.
        descriptor: the open folder; None where there is none yet.
    """

    def __init__(self, path: Path, stack: ExitStack) -> None:
        """Open the folder.

        Raises:
            DiskError: it must not be used.
            OSError: it cannot be opened.
        """
        self.path = path
        self.descriptor: int | None = None
        real = real_folder(path)
        above = next(folder for folder in (*real.parents, real) if folder.exists())
        mode = above.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise DiskError(
                T(
                    "every user can rename what is in this folder. Run: chmod o-w {folder}",
                    folder=named(shell_path(str(above))),
                ),
                file=str(above),
            )
        if above in (real.parent, real):
            with _opened(str(above)) as parent:
                self._mount = mount_of(parent)
                with suppress(FileNotFoundError):
                    self.descriptor = stack.enter_context(_opened(real.name or ".", parent, path))
        if self.descriptor is not None:
            self._refuse_unfit(self.descriptor, path)

    @property
    def opened(self) -> int:
        """The open folder, to write in.

        Raises:
            DiskError: it is not there. A call below no folder would write into the current one.
        """
        if self.descriptor is None:
            raise changed_meanwhile(self.path)
        return self.descriptor

    def read(self, path: str) -> RegularFile | None:
        """The file at the path; None where there is none.

        Raises:
            DiskError: it, or its folder, must not be used, or cannot be read.
        """
        if self.descriptor is None or not self._has_folder(str(Path(path).parent)):
            return None
        file = read_unlinked(Path(path), self.descriptor, self.path / path)
        if file is not None and file.mount != self._mount:
            raise DiskError(T("this is a mount. Unmount it"), file=str(self.path / path))
        return file

    def refuse_protected(self, path: str) -> None:
        """Make sure that the file, and what is in its folder, can be replaced.

        Raises:
            DiskError: one is immutable or append-only.
        """
        for each in (Path(path).parent, Path(path)) if self.descriptor is not None else ():
            refuse_protected(each, self.descriptor, self.path / each)

    def paths(self) -> Iterator[str]:
        """What is in the folder and, one level deep, in its sub-folders; an empty or unreadable one ends with `/`."""
        for name in _names(self.descriptor) if self.descriptor is not None else ():
            try:
                with _opened(name, self.opened) as inner:
                    yield from (f"{name}/{each}" for each in _names(inner) or [""])
            except NotADirectoryError:
                yield name
            except OSError:
                yield f"{name}/"

    def sync(self, folders: Sequence[str]) -> None:
        """Make the names in the sub-folders and the folder durable (see rename(2) and fsync(2))."""
        for folder in (*folders, "."):
            with _opened(folder, self.opened) as descriptor:
                os.fsync(descriptor)

    def _has_folder(self, inner: str) -> bool:
        """Whether there is such a sub-folder, fit to be used."""
        with suppress(FileNotFoundError), _opened(inner, self.opened, self.path / inner) as descriptor:
            self._refuse_unfit(descriptor, self.path / inner)
            return True
        return False

    def _refuse_unfit(self, descriptor: int, path: Path) -> None:
        status = os.fstat(descriptor)
        if mount_of(descriptor) != self._mount:
            raise _unfit(path, T("this is a mount"))
        if status.st_uid != os.geteuid():
            raise _unfit(path, T("this folder belongs to another user (UID {uid})", uid=status.st_uid))
        if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise DiskError(
                T(
                    "other users can write to this folder. Run: chmod go-w {folder}",
                    folder=named(shell_path(str(path))),
                ),
                file=str(path),
            )


def real_folder(folder: Path) -> Path:
    """The folder by its real path; only its own name may be a link still, which is refused when it is opened.

    Raises:
        DiskError: a link above it leads in a circle.
    """
    try:
        if folder.name in ("", ".."):
            return Path(os.path.realpath(folder, strict=True))
        return Path(os.path.realpath(folder.parent)) / folder.name
    except OSError as error:
        raise disk_error(error, folder) from None


@contextmanager
def folders_made(folders: Sequence[Path], descriptor: int | None = None) -> Iterator[None]:
    """Make the folders that are missing (below the open folder), others above them first; on an error they are removed.

    Raises:
        OSError: they cannot be made.
    """
    made: list[Path] = []
    mask = os.umask(0o022)  # whatever it is: others must not write there, and the user must
    try:
        try:
            for folder in folders:
                with suppress(FileExistsError):
                    os.mkdir(folder, 0o755, dir_fd=descriptor)
                    made.append(folder)
        finally:
            os.umask(mask)
        for folder in made if descriptor is None else ():
            sync_folder(folder.parent)
        yield
    except BaseException:
        for folder in reversed(made):
            with suppress(OSError):
                os.rmdir(folder, dir_fd=descriptor)
        raise


@contextmanager
def _opened(name: str, folder: int | None = None, shown: Path | None = None) -> Iterator[int]:
    try:
        descriptor = os.open(name, _OPEN_FOLDER, dir_fd=folder)
    except NotADirectoryError:
        if shown is None:
            raise
        if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise _unfit(shown, T("this is a symbolic link")) from None
        raise _unfit(shown, T("this is not a folder")) from None
    try:
        yield descriptor
    finally:
        with suppress(OSError):  # everything was synced before
            os.close(descriptor)


def _names(descriptor: int) -> list[str]:
    return sorted(os.listdir(descriptor))


def changed_meanwhile(path: Path) -> DiskError:
    """Someone else has changed the output folder since it was planned for."""
    return DiskError(
        T("the output folder was changed by someone else just now; nothing was written. Plan again"), file=str(path)
    )


def _unfit(path: Path, problem: Text) -> DiskError:
    return DiskError(T("{problem}. Choose another folder with --output-dir", problem=problem), file=str(path))
