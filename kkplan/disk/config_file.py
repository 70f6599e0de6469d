"""A config on disk: read it with its identity, and replace it so that it is always the old or the new one."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp

from kkplan.disk import DiskError, disk_error, sync_folder
from kkplan.document.decode import MAX_BYTES
from kkplan.locale import T

STDIN = "-"


@dataclass(frozen=True)
class ConfigFile:
    """A config as it was read.

    Attributes:
        name: as the user named it; `-` for standard input.
        data: its bytes.
    """

    name: str
    data: bytes

    @property
    def is_stdin(self) -> bool:
        """Whether it came from standard input."""
        return self.name == STDIN

    @property
    def folder(self) -> Path:
        """The folder of the config; the current one for standard input."""
        return Path() if self.is_stdin else Path(self.name).parent


def read_config(name: str) -> ConfigFile:
    """The config of that name, or standard input for `-`.

    Raises:
        DiskError: it is not there, no regular file, or not readable.
    """
    if name == STDIN:
        return ConfigFile(name, sys.stdin.buffer.read(MAX_BYTES + 1))
    path = Path(name)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise DiskError(T("this is a folder. Name the config in it, e.g. config-sample.yaml"), file=name)
        if not stat.S_ISREG(mode):
            raise DiskError(T("no regular file. To read from a pipe, give - and use standard input"), file=name)
        with path.open("rb") as file:
            return ConfigFile(name, file.read(MAX_BYTES + 1))
    except FileNotFoundError:
        raise DiskError(T("no such file. Name the config, or create one with: kk create config"), file=name) from None
    except PermissionError:
        raise DiskError(T("no permission to read it. Run kkplan as its owner, or with sudo"), file=name) from None
    except OSError as error:
        raise disk_error(error, path) from None


@dataclass(frozen=True)
class StagedConfig:
    """New contents of a config, written in full beside it and waiting to take its place."""

    path: Path
    staged: Path
    expected: bytes

    def commit(self, now: datetime) -> Path:
        """Keep the old file as a backup and put the new one in its place.

        Returns:
            The backup's path.

        Raises:
            DiskError: someone else has changed the config since it was read.
        """
        if self.path.read_bytes() != self.expected:
            raise DiskError(
                T("the file was changed by someone else just now; nothing was written. Plan again"), file=str(self.path)
            )
        backup = write_backup(self.path, self.expected, now)
        self.staged.replace(self.path)
        sync_folder(self.path.parent)
        return backup


@contextmanager
def staged_config(config: ConfigFile, data: bytes) -> Iterator[StagedConfig]:
    """Write the new contents beside the real file (a symlink is followed), with its mode, owner and attributes.

    Raises:
        DiskError: there is no room, or no permission.
    """
    path = Path(config.name).resolve()
    staged: Path | None = None
    try:
        status = path.stat()
        descriptor, name = mkstemp(prefix=f".{path.name}.kkplan-", dir=path.parent)
        staged = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            _copy_identity(path, status, file.fileno())
            file.flush()
            os.fsync(file.fileno())
        yield StagedConfig(path, staged, config.data)
    except PermissionError as error:
        raise DiskError(
            T("no permission to write here ({reason}); nothing was changed", reason=error.strerror), file=str(path)
        ) from None
    except OSError as error:
        raise disk_error(error, path) from None
    finally:
        if staged is not None:
            staged.unlink(missing_ok=True)


def _copy_identity(path: Path, status: os.stat_result, descriptor: int) -> None:
    """Owner first, mode last: a change of owner clears bits of the mode (chown(2))."""
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        os.fchown(descriptor, status.st_uid, status.st_gid)
    for attribute in os.listxattr(path):
        with suppress(OSError):  # some, such as security.*, are not ours to set
            os.setxattr(descriptor, attribute, os.getxattr(path, attribute))
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def write_backup(path: Path, data: bytes, now: datetime) -> Path:
    """Keep the contents beside the file, readable by its owner only, under a name that is free."""
    stamp = now.strftime("%Y%m%dT%H%M%S")
    for number in range(1, 1000):
        backup = path.with_name(f"{path.name}.bak-{stamp}" + (f"-{number}" if number > 1 else ""))
        try:
            descriptor = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            status = path.stat()
            with suppress(PermissionError):
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            file.flush()
            os.fsync(file.fileno())
        return backup
    raise DiskError(T("too many backups of this second; nothing was changed"), file=str(path))
