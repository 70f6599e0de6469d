"""Restore a backup: find the backups of a config, and choose one."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.disk import DiskError
from kkplan.disk.backups import backups_of
from kkplan.disk.config_file import ConfigFile, real_config
from kkplan.disk.owners import trusted_owners
from kkplan.document.decode import refuse_large
from kkplan.document.parse import Document, parse
from kkplan.errors import KkplanError, UsageError
from kkplan.locale import T, named
from kkplan.plan.shell_path import shell_path
from kkplan.schema.shape import ShapeOf, no_shape
from kkplan.use.read import NamedFiles, dialect_of, read, read_parsed


class Contents(NamedTuple):
    """What a config holds, or held.

    Attributes:
        document: the same, parsed; None if it cannot be.
        shape_of: what the schema knows of each of its YAML documents.
        effective: the endpoint that kk would set up; None if it would not install.
        problem: why it would not.
    """

    data: bytes
    document: Document | None = None
    shape_of: ShapeOf = no_shape
    effective: EffectiveEndpoint | None = None
    problem: KkplanError | None = None


class KnownBackup(NamedTuple):
    """A backup, and what the endpoint was; `effective` and `problem` as in Contents."""

    path: Path
    made: datetime
    effective: EffectiveEndpoint | None
    problem: KkplanError | None


class Restoration(NamedTuple):
    """The backups of a config, and the one to restore.

    Attributes:
        today: the config as it is.
        backups: the newest first.
        passed_over: what has the name of a backup and cannot be trusted.
        chosen: one of the backups.
        wanted: what it holds.
    """

    file: ConfigFile
    today: Contents
    backups: tuple[KnownBackup, ...]
    passed_over: tuple[DiskError, ...]
    chosen: KnownBackup
    wanted: Contents

    @property
    def changes_anything(self) -> bool:
        """Whether the config differs from the backup."""
        return self.today.data != self.wanted.data


def find_backups(file: ConfigFile, to: str | None = None, beside: NamedFiles | None = None) -> Restoration:
    """The backups of the config. Writes nothing.

    Args:
        to: the backup to restore, by its name or path; by default, the newest.

    Raises:
        KkplanError: there is no backup, or none of that name.
    """
    refuse_large(file.data, file.name)
    path = real_config(file)
    backups: list[KnownBackup] = []
    passed_over: list[DiskError] = []
    chosen: tuple[KnownBackup, Contents] | None = None
    for found in backups_of(path, trusted_owners(file.owner)):
        if isinstance(found, DiskError):
            if to is not None and _is_named(Path(found.file), to):
                raise found
            passed_over.append(found)
            continue
        contents = _contents(file._replace(data=found.data), beside)
        backups.append(KnownBackup(found.path, found.made, contents.effective, contents.problem))
        if chosen is None and (to is None or _is_named(found.path, to)):
            chosen = backups[-1], contents
    if chosen is None:
        raise _nothing_to_restore(file, passed_over, beside) if to is None or not backups else _no_such_backup(file, to)
    return Restoration(file, _contents(file, beside), tuple(backups), tuple(passed_over), *chosen)


def _contents(file: ConfigFile, beside: NamedFiles | None) -> Contents:
    """What the file holds; a file that kk would refuse can be restored as well."""
    contents = Contents(file.data)
    try:
        document = parse(file.data, file.name)
        contents = contents._replace(document=document, shape_of=dialect_of(document).shape_of)
        return contents._replace(effective=read_parsed(file, document, beside).effective)
    except UsageError:
        raise
    except KkplanError as error:
        return contents._replace(problem=error)


def _is_named(backup: Path, to: str) -> bool:
    """Whether a name in the config's folder, or a path, is the backup's."""
    wanted = Path(to)
    is_bare = wanted.parent == Path()
    return wanted.name == backup.name and (is_bare or os.path.realpath(wanted.parent) == str(backup.parent))


def _nothing_to_restore(file: ConfigFile, passed_over: list[DiskError], beside: NamedFiles | None) -> KkplanError:
    if passed_over:
        return KkplanError(
            T(
                "nothing to restore: {backup} is not used: {reason}",
                backup=named(passed_over[0].file),
                reason=passed_over[0].reason,
            ),
            file=file.name,
        )
    with suppress(KkplanError):
        config = read(file, beside).file.name
        if config != file.name:
            command = f"kkplan restore {shell_path(config)}"
            return KkplanError(
                T("nothing to restore: it has no backup. To restore the config: {command}", command=named(command)),
                file=file.name,
            )
    return KkplanError(
        T("nothing to restore: there is no backup beside it. kkplan writes a backup whenever it changes a config"),
        file=file.name,
    )


def _no_such_backup(file: ConfigFile, to: str) -> KkplanError:
    command = f"kkplan restore {shell_path(file.name)} --list"
    return KkplanError(
        T(
            "no backup of {config} has this name. To list them: {command}",
            config=named(file.name),
            command=named(command),
        ),
        file=to,
    )
