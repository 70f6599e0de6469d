"""A config on disk: read it with its identity, and replace it atomically."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial, reduce
from operator import and_
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kkplan.disk import DiskError, OutcomeError, disk_error, nothing_changed, opened_folder, sync_opened
from kkplan.disk.backups import write_backup
from kkplan.disk.lock import locked
from kkplan.disk.output_folder import mounts
from kkplan.disk.owners import trusted_owners
from kkplan.disk.regular_file import NotRegularError, read_regular, refuse_protected
from kkplan.disk.temporary import remove_file, remove_leftovers, write_temporary
from kkplan.document.decode import MAX_BYTES
from kkplan.locale import T, named
from kkplan.plan.shell_path import shell_path

if TYPE_CHECKING:
    from datetime import datetime

STDIN = "-"


class ConfigFile(NamedTuple):
    """A config as it was read.

    Attributes:
        name: as the user named it; `-` for standard input.
        data: its bytes.
        permissions: its permission bits; None for standard input.
        owner: its user ID; None for standard input.
    """

    name: str
    data: bytes
    permissions: int | None = None
    owner: int | None = None

    @property
    def is_stdin(self) -> bool:
        """Whether it came from standard input."""
        return self.name == STDIN

    @property
    def folder(self) -> Path:
        """The folder of the config; the current one for standard input."""
        return Path() if self.is_stdin else Path(self.name).parent


def read_config(name: str, option: str = "", *, or_plan: bool = False) -> ConfigFile:
    """The config of that name, or standard input for `-`.

    Args:
        option: the option that names it, without dashes, where it is another file than the config.
        or_plan: a saved plan is accepted too.

    Raises:
        DiskError: it does not exist, is not a regular file, or cannot be read.
    """
    if name == STDIN:
        return ConfigFile(name, _standard_input())
    path = Path(name)
    try:
        name.encode()
        file = read_regular(path, MAX_BYTES)
        return ConfigFile(name, file.data, file.permissions, file.owner)
    except NotRegularError as error:
        if error.errno == errno.EISDIR and option:
            raise DiskError(T("this is a folder; --{option} needs a file", option=option), file=name) from None
        if error.errno == errno.EISDIR:
            raise DiskError(T("this is a folder. Name the config in it, e.g. config-sample.yaml"), file=name) from None
        message = T("not a regular file. To read from a pipe, pass - and use standard input")
        raise DiskError(message, file=name) from None
    except UnicodeEncodeError:  # it is written into the mode's files
        raise DiskError(T("its name, or that of its folder, is not UTF-8. Rename it"), file=name) from None
    except FileNotFoundError:
        if option:
            raise DiskError(T("no such file. Check the name after --{option}", option=option), file=name) from None
        raise DiskError(
            T("no such file. To create a config: kk create config. To save a plan: kkplan plan CONFIG … --out FILE")
            if or_plan
            else T("no such file. Check the name. To create one: kk create config"),
            file=name,
        ) from None
    except PermissionError:
        raise DiskError(T("no permission to read it. Run kkplan as its owner, or with sudo"), file=name) from None
    except OSError as error:
        raise disk_error(error, path) from None


def _standard_input() -> bytes:
    try:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:  # a folder, or a terminal that is gone
        raise DiskError(T("cannot read standard input: {reason}", reason=named(error.strerror)), file=STDIN) from None


def mode_with_digests(files: Iterable[ConfigFile]) -> int:
    """The mode of a new file that has checksums of these, which could confirm a guessed password: read by no one else."""
    modes = (0o600 if file.permissions is None else file.permissions for file in files)
    return reduce(and_, modes, 0o644)


def real_config(config: ConfigFile) -> Path:
    """The real file, if the config is a symlink.

    Raises:
        DiskError: it no longer exists, or a link cannot be read: a link must never be mistaken for the file.
    """
    try:
        return Path(os.path.realpath(config.name, strict=True))
    except OSError as error:
        raise disk_error(error, Path(config.name)) from None


def refuse_inside(config: ConfigFile, folder: Path) -> None:
    """Check that the config is not in the output folder (its real path), where it could have the name of a kkplan file.

    Raises:
        DiskError: it lies inside.
    """
    if Path(os.path.realpath(config.name)).is_relative_to(folder):
        raise DiskError(
            T("the config is in the output folder"),
            advice=T("Choose another folder with --output-dir"),
            file=config.name,
        )


def refuse_changed(config: ConfigFile) -> None:
    """Check that the config has not changed since it was read.

    Raises:
        DiskError: another program has changed it, or it cannot be read.
    """
    if config.is_stdin:
        return
    try:
        same = read_regular(Path(config.name), MAX_BYTES).data == config.data
    except FileNotFoundError:
        same = False
    except OSError as error:
        raise disk_error(error, Path(config.name)) from None
    if not same:
        raise changed_config(config)


def changed_config(config: ConfigFile) -> DiskError:
    """The error for a config that another program changed."""
    return OutcomeError(
        T("another program has just changed this file; nothing was written. Run kkplan again"), file=config.name
    )


class StagedConfig:
    """New contents of a config, written in full beside it, ready to replace it.

    Attributes:
        name: the config, as the user named it.
        backup: the old contents.
        other_names: how many other hard links the old file has; they keep the old contents.
    """

    def __init__(self, place: _Place, staged: Path, backup: Path, other_names: int, unwanted: ExitStack) -> None:
        self.name = place.config.name
        self.backup = place.path.with_name(backup.name)
        self.other_names = other_names
        self._unwanted = unwanted  # removes both files
        self._place = place
        self._staged = staged

    def commit(self) -> None:
        """Replace the old file with the new one.

        Raises:
            DiskError: another program has changed the config since it was read.
        """
        self._place.refuse_changed()
        folder = self._place.folder
        os.replace(self._staged, self._place.path.name, src_dir_fd=folder, dst_dir_fd=folder)
        self._unwanted.pop_all()

    def make_durable(self) -> None:
        """Make the new file durable against a power failure.

        Raises:
            DiskError: the disk did not confirm it; the new file is in place anyway.
        """
        try:
            sync_opened(self._place.folder)
        except OSError as error:
            raise OutcomeError(
                T(
                    "everything is written, but the disk does not confirm it ({reason}): a power failure could bring "
                    "the old file back. Backup: {backup}. Check the disk (dmesg)",
                    reason=named(error.strerror),
                    backup=self.backup,
                ),
                file=self._place.config.name,
            ) from None


class _Place(NamedTuple):
    """The real place of a config: others may change the links that lead there, but not the open folder.

    Attributes:
        path: the real path.
        folder: the open folder of it.
    """

    config: ConfigFile
    path: Path
    folder: int

    def refuse_changed(self) -> None:
        """Check that the file to be replaced is the one that was read.

        Raises:
            DiskError: it is another file, or was changed.
            OSError: it cannot be read.
        """
        here = read_regular(Path(self.path.name), MAX_BYTES, self.folder, follow_symlinks=False)
        if here.data != self.config.data:
            raise changed_config(self.config)

    def refuse_mount(self) -> None:
        """Make sure that the file can be replaced: a mount point cannot (rename(2), EBUSY).

        Raises:
            DiskError: something is mounted on it.
        """
        mounted = frozenset[str]()
        with suppress(DiskError):  # without /proc, the rename will fail
            mounted = mounts()
        if str(self.path) in mounted:
            raise DiskError(
                T("this file is a mount point, so it cannot be replaced"),
                advice=T("Mount its folder instead, or work on a copy"),
                file=self.config.name,
            )


@contextmanager
def staged_config(config: ConfigFile, data: bytes, now: datetime) -> Iterator[StagedConfig]:
    """Write the new contents and a backup of the old ones beside the real file (a symlink is followed).

    The new file has the old one's mode, owner and attributes. The backup is removed if the new file is not committed.

    Raises:
        DiskError: there is no space, or no permission.
    """
    path = real_config(config)
    try:
        with opened_folder(path.parent) as folder, ExitStack() as stack:
            place, name = _Place(config, path, folder), Path(path.name)
            place.refuse_changed()
            place.refuse_mount()
            refuse_protected(path)
            refuse_protected(path.parent)
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            copied = partial(_copy_identity, path, folder, status)
            staged = write_temporary(name, data, copied, folder)
            unwanted = stack.enter_context(ExitStack())
            unwanted.callback(remove_file, staged, folder)
            backup = write_backup(name, config.data, now, folder)
            unwanted.callback(remove_file, backup, folder)
            yield StagedConfig(place, staged, backup, status.st_nlink - 1, unwanted)
    except OSError as error:
        raise disk_error(error, path) from None


class Replaced(NamedTuple):
    """A config that was replaced.

    Attributes:
        backup: the old contents.
        other_names: how many other hard links the old file has; they keep the old contents.
    """

    backup: Path
    other_names: int


@nothing_changed()
def replace_configs(
    contents: Sequence[tuple[ConfigFile, bytes]], now: datetime, stop: Callable[[], None] = lambda: None
) -> tuple[Replaced, ...]:
    """Replace the contents of configs, with backups of the old ones, under the locks of their folders.

    Args:
        contents: the files with their new contents, the config first; it is replaced last.
        stop: raises when the user has interrupted kkplan; asked before the first file is replaced, never later.

    Raises:
        DiskError: one could not be written, or another program has changed it since it was read.
    """
    files = [file for file, _ in contents]
    if not files:
        return ()
    paths = [real_config(file) for file in files]
    with (
        locked({path.parent for path in paths}, trusted_owners(files[0].owner), stop) as is_exclusive,
        ExitStack() as stack,
    ):
        for path in paths if is_exclusive else ():
            remove_config_leftovers(path)
        staged = [stack.enter_context(staged_config(file, data, now)) for file, data in contents]
        for file in files:
            refuse_changed(file)
        stop()
        commit_all(staged)
        return tuple(Replaced(one.backup, one.other_names) for one in staged)


def commit_all(staged: Sequence[StagedConfig], unfinished: Callable[[object], DiskError] | None = None) -> None:
    """Replace the old files by the new ones, the first one last.

    Args:
        unfinished: makes the error for a failure after other files were written.

    Raises:
        DiskError: one could not be replaced; the error names those already replaced.
    """
    replaced: list[str] = []
    for one in reversed(staged):
        try:
            one.commit()
        except (OSError, DiskError) as error:
            changed = T("another program has just changed the config")
            reason = error.strerror if isinstance(error, OSError) else changed
            if replaced:
                raise OutcomeError(
                    T(
                        "{reason}. Already replaced: {files}. Fix the cause, then run the same command again to "
                        "complete the rest",
                        reason=named(reason),
                        files=named(", ".join(replaced)),
                    )
                ) from None
            if unfinished is None:
                raise
            raise unfinished(reason) from None
        one.make_durable()
        replaced.append(one.name)


def remove_config_leftovers(path: Path) -> None:
    """Remove temporaries of a killed kkplan beside the config; only under its folder's lock."""
    with suppress(OSError):
        remove_leftovers(path.parent.iterdir(), path.__eq__)


def _copy_identity(path: Path, folder: int, status: os.stat_result, descriptor: int) -> None:
    """Owner first, mode last: a change of owner clears bits of the mode (chown(2))."""
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(descriptor, status.st_uid, status.st_gid)
        except PermissionError:
            if own.st_uid != status.st_uid:
                raise
            raise _foreign_group(path, status.st_gid, own.st_gid) from None
    old = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        wanted = _attributes(old)
        # The folder's default access list would let more people read the new file.
        for attribute in set(_attributes(descriptor)) - set(wanted):
            if attribute.startswith("system."):
                os.removexattr(descriptor, attribute)
        for attribute in wanted:
            try:
                os.setxattr(descriptor, attribute, os.getxattr(old, attribute))
            except OSError:
                # Some, such as security.*, need more rights; but without its access list, more people could read the file.
                if attribute.startswith("system."):
                    raise
    finally:
        os.close(old)
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def _foreign_group(path: Path, group: int, own: int) -> DiskError:
    """The error for a file of a group that its owner is not in: only root may give a new file that group."""
    return DiskError(
        T("cannot keep its group {group}", group=named(_group_name(group))),
        advice=T("Run: {command}", command=named(f"sudo chgrp {_group_name(own)} {shell_path(str(path))}")),
        file=str(path),
    )


def _group_name(group: int) -> str:
    from grp import getgrgid  # only for this message

    try:
        return getgrgid(group).gr_name
    except KeyError:
        return str(group)


def _attributes(descriptor: int) -> list[str]:
    try:
        return os.listxattr(descriptor)
    except OSError as error:
        if error.errno == errno.ENOTSUP:  # the file system does not support it
            return []
        raise
