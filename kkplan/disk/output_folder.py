"""The output folder, held open so that it cannot be swapped between a check and a write.

Links, mounts, and folders that belong to other users or that others can write to are refused. Then only trusted users
(owners.py) can change what is in the folder, and a path below its descriptor leads nowhere else.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

from kkplan.disk import DiskError, OutcomeError, disk_error, opened_folder, sync_folder, sync_opened
from kkplan.disk.owners import is_private_group, unmapped_owner
from kkplan.disk.regular_file import RegularFile, has_access_list, read_unlinked, refuse_protected
from kkplan.locale import T, named
from kkplan.plan.shell_path import shell_path

_MOUNTS = Path("/proc/self/mountinfo")


class OutputFolder:
    """The folder, and what is read and changed in it; closed with the stack.

    Attributes:
        path: the folder as the user named it.
        descriptor: the open folder; None if there is none yet.
    """

    def __init__(
        self, path: Path, owners: frozenset[int], is_written_name: Callable[[str], bool], stack: ExitStack
    ) -> None:
        """Open the folder.

        Args:
            owners: the UIDs that it and its sub-folders may have.
            is_written_name: whether the path of a file in it is one that kkplan writes.

        Raises:
            DiskError: it must not be used.
            OSError: it cannot be opened.
        """
        self.path = path
        self.descriptor: int | None = None
        self._real = real_folder(path)
        self._mounts = mounts()
        self._owners = owners
        self._is_written_name = is_written_name
        for above in {*(Path.cwd() / path).parents, *self._real.parents}:
            _refuse_shared(above, owners | unmapped_owner())
        if is_there(self._real):
            with _about(path):
                self.descriptor = stack.enter_context(_opened_output(self._real))
                self._refuse_unfit(self.descriptor, ".")

    @property
    def opened(self) -> int:
        """The open folder, to write in.

        Raises:
            DiskError: it does not exist. Without a folder, a call would write into the current one.
        """
        if self.descriptor is None:
            raise changed_meanwhile(self.path)
        return self.descriptor

    def read(self, path: str) -> RegularFile | None:
        """The file at the path; None if there is none.

        Raises:
            DiskError: it, or its folder, must not be used, or cannot be read.
        """
        inner = str(Path(path).parent)
        if self.descriptor is None or not is_there(Path(inner), self.descriptor):
            return None
        with _about(self.path / inner), _opened(inner, self.descriptor) as descriptor:
            self._refuse_unfit(descriptor, inner)
        with _about(self.path / path):
            file = read_unlinked(Path(path), self.descriptor)
            if self._is_mount(path):
                raise DiskError(T("this is a mount point"), advice=T("Unmount it"))
            return file

    def refuse_protected(self, path: str) -> None:
        """Check that the file, and the files in its folder, can be replaced.

        Raises:
            DiskError: a file is immutable or append-only.
        """
        if self.descriptor is not None:
            refuse_protected((self.path / path).parent)
            refuse_protected(self.path / path)

    def look_for_mounts(self) -> None:
        """Read the mount points.

        Raises:
            DiskError: they cannot be read.
        """
        self._mounts = mounts()

    def paths(self) -> Iterator[str]:
        """What is in the folder and, one level deep, in its sub-folders; an empty or unreadable one ends with `/`."""
        for name in _names(self.descriptor) if self.descriptor is not None else ():
            if not stat.S_ISDIR(os.stat(name, dir_fd=self.opened, follow_symlinks=False).st_mode):
                yield name
                continue
            try:
                with _opened(name, self.opened) as inner:
                    yield from (f"{name}/{each}" for each in _names(inner) or [""])
            except OSError:
                yield f"{name}/"

    def sync(self, folders: Sequence[str]) -> None:
        """Make the names in the sub-folders, and in the folder itself (`.`), durable (see rename(2) and fsync(2))."""
        for folder in folders:
            with _opened(folder, self.opened) as descriptor:
                sync_opened(descriptor)

    def _is_mount(self, path: str) -> bool:
        return str(self._real / path) in self._mounts

    def _refuse_unfit(self, descriptor: int, inner: str) -> None:
        status = os.fstat(descriptor)
        if self._is_mount(inner):
            below = named(f"--output-dir {shell_path(str(self.path / 'kkplan-out'))}")
            raise DiskError(
                T("this is a mount point"),
                advice=T("Unmount it") if inner != "." else T("Choose a folder inside it: {option}", option=below),
            )
        if status.st_uid not in self._owners:
            raise DiskError(
                T("this folder belongs to another user (UID {uid})", uid=status.st_uid),
                advice=T("Choose another folder with --output-dir"),
            )
        if _others_can_write(descriptor, status):
            folders = [self.path / each for each in sorted({inner, *self._writable_by_others()})]
            raise DiskError(
                T("other users can write to this folder"),
                advice=T(
                    "Run: {command}", command=named(" ".join(["chmod go-w", *(shell_path(str(f)) for f in folders)]))
                ),
            )

    def _writable_by_others(self) -> Iterator[str]:
        """The folder and its sub-folders that kkplan has files in, where others can write to them."""
        for name in {".", *(str(Path(path).parent) for path in self.paths() if self._is_written_name(path))}:
            with suppress(OSError), _opened(name, self.opened) as descriptor:
                if _others_can_write(descriptor, os.fstat(descriptor)):
                    yield name


def _others_can_write(descriptor: int, status: os.stat_result) -> bool:
    """Whether another user than the owner can write to the open folder. With an access list, the group's bit is its mask."""
    if status.st_mode & stat.S_IWOTH:
        return True
    if not status.st_mode & stat.S_IWGRP:
        return False
    return has_access_list(descriptor) or not is_private_group(status.st_gid, status.st_uid)


def _refuse_shared(folder: Path, owners: frozenset[int]) -> None:
    """Check that no other user can replace what is in this folder by another folder or a link.

    Raises:
        DiskError: it, or the link that it is, belongs to someone else, or anyone may rename what is in it.
    """
    with suppress(FileNotFoundError):
        status = folder.lstat()
        if status.st_uid not in owners:
            raise DiskError(
                T(
                    "this folder belongs to another user (UID {uid}), who could replace the files",
                    uid=status.st_uid,
                ),
                advice=T("Run kkplan as that user, or choose another folder with --output-dir"),
                file=str(folder),
            )
        if stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
            command = f"chmod o-w {shell_path(str(folder))}"
            raise DiskError(
                T("world-writable folder without the sticky bit; any user can rename files in it"),
                advice=T("Run: {command}", command=named(command)),
                file=str(folder),
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


def is_there(path: Path, folder: int | None = None) -> bool:
    """Whether something is at the path (below the open folder), even a broken link.

    Raises:
        OSError: it cannot be found out. Path.exists() returns False then.
    """
    try:
        os.stat(path, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


@contextmanager
def folders_made(folders: Iterable[Path], descriptor: int | None = None) -> Iterator[None]:
    """Make the folders that are missing (below the open folder), others above them first; on an error they are removed.

    Raises:
        OSError: they cannot be made.
    """
    made: list[Path] = []
    try:
        for folder in folders:
            if is_there(folder, descriptor):
                continue
            with suppress(FileExistsError):
                os.mkdir(folder, 0o755, dir_fd=descriptor)
                made.append(folder)
                mode = stat.S_IMODE(os.stat(folder, dir_fd=descriptor, follow_symlinks=False).st_mode)
                if mode & stat.S_IRWXU != stat.S_IRWXU:  # a umask such as 0777 has taken even the owner's bits
                    os.chmod(folder, mode | stat.S_IRWXU, dir_fd=descriptor)
        for folder in made if descriptor is None else ():
            sync_folder(folder.parent)
        yield
    except BaseException:
        for folder in reversed(made):
            with suppress(OSError):
                os.rmdir(folder, dir_fd=descriptor)
        raise


def _opened_output(folder: Path) -> AbstractContextManager[int]:
    """The output folder itself, opened; where it is a link, the error names the folder that can be given instead."""
    if folder.is_symlink() and folder.is_dir():
        option = named(f"--output-dir {shell_path(os.path.realpath(folder))}")
        raise DiskError(T("this is a symbolic link"), advice=T("Name the folder itself: {option}", option=option))
    return _opened(str(folder))


@contextmanager
def _opened(name: str, folder: int | None = None) -> Iterator[int]:
    """The folder of that name (below the open folder), opened.

    Raises:
        DiskError: it is a link, or no folder.
        OSError: it cannot be opened.
    """
    with ExitStack() as stack:
        try:
            descriptor = stack.enter_context(opened_folder(name, folder, os.O_NOFOLLOW))
        except NotADirectoryError:
            is_link = stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
            raise DiskError(
                T("this is a symbolic link") if is_link else T("this is not a folder"),
                advice=T("Choose another folder with --output-dir"),
            ) from None
        yield descriptor


@contextmanager
def _about(path: Path) -> Iterator[None]:
    """Errors name this path, not the one below the open folder."""
    try:
        yield
    except DiskError as error:
        raise DiskError(error.reason, advice=error.advice, file=str(path)) from None
    except OSError as error:
        raise disk_error(error, path) from None


def mounts() -> frozenset[str]:
    """The paths at which something is mounted; spaces and the like are octal there (proc_pid_mountinfo(5)).

    Raises:
        DiskError: they cannot be read.
    """
    try:
        lines = _MOUNTS.read_bytes().splitlines()
    except FileNotFoundError:
        raise DiskError(
            T("/proc is not mounted"),
            advice=T("Run: {command}", command=named("mount -t proc proc /proc")),
            file=str(_MOUNTS),
        ) from None
    except OSError as error:
        raise disk_error(error, _MOUNTS) from None
    return frozenset(
        os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8)]), line.split(b" ")[4]))
        for line in lines
    )


def _names(descriptor: int) -> list[str]:
    return sorted(os.listdir(descriptor))


def changed_meanwhile(path: Path) -> DiskError:
    """Someone else has changed the output folder since it was planned for."""
    return OutcomeError(
        T("another program has just changed the output folder; nothing was written. Plan again"), file=str(path)
    )
