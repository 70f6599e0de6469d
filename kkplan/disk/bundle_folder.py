"""The files of the output folder: compare them with the artifacts, and replace them one by one.

kkplan knows its own files by their names, the mark in their first lines, and SHA256SUMS, which it writes last;
`sha256sum -c SHA256SUMS` checks a copy. Even if that list says otherwise, no other file is removed, or replaced without a backup.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kkplan.cluster.cluster import is_ip
from kkplan.disk import DiskError, OutcomeError, disk_error
from kkplan.disk.backups import write_backup
from kkplan.disk.output_folder import OutputFolder, changed_meanwhile, folders_made
from kkplan.disk.regular_file import RegularFile
from kkplan.disk.temporary import remove_file, remove_leftovers, write_temporary
from kkplan.locale import T, named
from kkplan.plan.artifact import MARK, Artifact
from kkplan.plan.plan import FileAction, PlannedFile

if TYPE_CHECKING:
    from datetime import datetime

SUMS = "SHA256SUMS"
KEEPS_EMPTY = ".gitkeep"  # git keeps a folder only with a file in it
SUMS_MARK = "# The files that kkplan wrote here"  # sha256sum skips it; other lists have no such line
_CONFIG_MARK = "# Config: "  # a line with the name of the config that the files are for
_CONTROL_PLANES_MARK = "# Control planes: "  # a line with their addresses, which the files have anyway

_MARKED_LINES = 10
_SUM_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
# Temporaries (see temporary.py) and backups; the rest of the path is the file's.
_LEFT_BY_A_KILL = re.compile(r"(.*/)?(?:\.([^/]+)\.kkplan-[0-9a-f]{8}|([^/]+)\.bak-\d{8}T\d{6}(?:-\d+)?)", re.DOTALL)
# A folder's name in WrittenNames: LB servers are named by their users.
_ANY_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

WrittenNames = Sequence[str]
"""Paths below the output folder that some mode writes; `*` for the name of a folder."""


class BundleOwner(NamedTuple):
    """The cluster that kkplan's files in a folder are for, as their list has it.

    Attributes:
        config_name: the config's file name, on one line; "" if it is not known.
        control_planes: their IP addresses. Configs of several sites often have the same name.
    """

    config_name: str = ""
    control_planes: tuple[str, ...] = ()

    def is_other(self, owner: BundleOwner) -> bool:
        """Whether the other one is surely another cluster: by the name, or because no control plane is the same."""
        if self.config_name and owner.config_name and self.config_name != owner.config_name:
            return True
        known = bool(self.control_planes) and bool(owner.control_planes)
        return known and set(self.control_planes).isdisjoint(owner.control_planes)


_UNKNOWN_OWNER = BundleOwner()


def with_sums(artifacts: Sequence[Artifact], owner: BundleOwner = _UNKNOWN_OWNER) -> tuple[Artifact, ...]:
    """The artifacts and the list of their checksums, in the format of sha256sum(1).

    Args:
        owner: what they are for, for the list.
    """
    if not artifacts:
        return ()
    sums = {each.path: _digest(each.content.encode()) for each in artifacts}
    return (*artifacts, Artifact(SUMS, _sums_text(sums, owner)))


def compare(
    folder: Path, artifacts: Sequence[Artifact], names: WrittenNames, owners: frozenset[int]
) -> tuple[tuple[PlannedFile, ...], BundleOwner | None]:
    """What to do with each file so that the folder has the artifacts and no outdated files of kkplan's.

    With it comes what kkplan's files in the folder are for; None if there are no such files, or no artifacts and a
    folder that cannot be read.

    Args:
        owners: the UIDs that the folder and the files in it may have.

    Raises:
        DiskError: the folder is not one that kkplan may write to.
    """
    if not artifacts:
        return (), _recorded_owner(folder, owners)
    try:
        with ExitStack() as stack:
            bundle = BundleFolder(folder, names, owners, stack)
            return bundle.compare(artifacts), bundle.recorded_owner
    except OSError as error:
        raise disk_error(error, folder) from None


def all_new(artifacts: Sequence[Artifact]) -> tuple[PlannedFile, ...]:
    """The artifacts as files of a folder that is ignored."""
    return tuple(PlannedFile(each, FileAction.CREATE) for each in artifacts)


def _recorded_owner(folder: Path, owners: frozenset[int]) -> BundleOwner | None:
    with suppress(DiskError, OSError), ExitStack() as stack:
        bundle = BundleFolder(folder, (), owners, stack)
        bundle.recorded_sums()
        return bundle.recorded_owner
    return None


def is_written_name(path: str, names: WrittenNames) -> bool:
    """Whether the path is one that kkplan writes, in just that spelling: not with `./`, `//` or `..`."""
    inner, slash, name = path.rpartition("/")
    return path in names or (bool(_ANY_FOLDER.fullmatch(inner)) and f"*{slash}{name}" in names)


def _planned(found: RegularFile | None, artifact: Artifact, owners: frozenset[int], *, own: bool) -> PlannedFile:
    if found is None:
        return PlannedFile(artifact, FileAction.CREATE)
    text = found.data.decode("utf-8", "replace")
    if found.data != artifact.content.encode():
        return PlannedFile(artifact, FileAction.REPLACE if own else FileAction.OVERWRITE, text)
    # The owner of a file can change it later.
    as_it_should_be = found.permissions == artifact.mode and found.owner in owners
    return PlannedFile(artifact, FileAction.KEEP if as_it_should_be else FileAction.REPLACE, text)


def _is_marked(data: bytes) -> bool:
    return MARK.encode() in b"\n".join(data.split(b"\n", _MARKED_LINES)[:_MARKED_LINES])


def _sums_text(sums: Mapping[str, str], owner: BundleOwner) -> str:
    head = [f"{SUMS_MARK}\n"]
    if owner.config_name:
        head.append(f"{_CONFIG_MARK}{owner.config_name}\n")
    if owner.control_planes:
        head.append(f"{_CONTROL_PLANES_MARK}{' '.join(owner.control_planes)}\n")
    return "".join([*head, *(f"{sums[path]}  {path}\n" for path in sorted(sums))])


def _digest(data: bytes) -> str:
    from hashlib import sha256  # loads OpenSSL, which few runs need

    return sha256(data).hexdigest()


class BundleFolder:
    """The open output folder as kkplan's: its files are compared, written beside, and replaced.

    Attributes:
        output: the open folder.
        backups: copies of files that were changed since kkplan wrote them, below the folder.
        recorded_owner: what the files are for, as the list says; None if there is no list.
    """

    def __init__(self, folder: Path, names: WrittenNames, owners: frozenset[int], stack: ExitStack) -> None:
        self.output = OutputFolder(folder, owners, partial(is_written_name, names=names), stack)
        self.backups: list[str] = []
        self.recorded_owner: BundleOwner | None = None
        self._owners = owners
        self._names = names
        self._sums: dict[str, str] | None = None
        self._files: Sequence[PlannedFile] = ()
        self._staged: dict[str, Path] = {}
        self._has_begun = False

    def recorded_sums(self) -> dict[str, str] | None:
        """Path → checksum of the files that kkplan wrote, as the list says; None if there is no list of kkplan's."""
        found = self.output.read(SUMS)
        mark, *lines = found.data.decode("utf-8", "replace").split("\n") if found is not None else [""]
        if mark != SUMS_MARK:
            return None
        values = [
            next((line.removeprefix(head) for line in lines[:2] if line.startswith(head)), "")
            for head in (_CONFIG_MARK, _CONTROL_PLANES_MARK)
        ]
        self.recorded_owner = BundleOwner(values[0], tuple(word for word in values[1].split() if is_ip(word)))
        return {match[2]: match[1] for line in lines if (match := _SUM_LINE.fullmatch(line))}

    def compare(self, artifacts: Sequence[Artifact]) -> tuple[PlannedFile, ...]:
        """What to do with each file; see the function of this name."""
        self.output.look_for_mounts()
        self._sums = self.recorded_sums()
        if self._sums is None:
            self._refuse_foreign(artifacts)
        files = tuple(
            _planned(found := self.output.read(each.path), each, self._owners, own=self._is_own(each.path, found))
            for each in artifacts
        )
        old = sorted(
            path
            for path in set(self._sums or ()) - {each.path for each in artifacts}
            if is_written_name(path, self._names)
        )
        removed = (
            PlannedFile(Artifact(path, ""), FileAction.REMOVE, found.data.decode("utf-8", "replace"))
            for path in old
            if (found := self.output.read(path)) is not None and self._is_own(path, found)
        )
        files = (*files, *removed)
        for file in files:
            if file.action is not FileAction.KEEP:
                self.output.refuse_protected(file.artifact.path)
        return files

    def _is_own(self, path: str, found: RegularFile | None) -> bool:
        """Whether the file is as kkplan wrote it. A list can claim this of any file, so the file must have the mark too."""
        sums = self._sums or {}
        if found is None:
            return False
        if path == SUMS:
            text = _sums_text(sums, self.recorded_owner or _UNKNOWN_OWNER)
            return all(is_written_name(each, self._names) for each in sums) and found.data == text.encode()
        return sums.get(path) == _digest(found.data) and _is_marked(found.data)

    def _refuse_foreign(self, artifacts: Sequence[Artifact]) -> None:
        """Refuse a folder without kkplan's SHA256SUMS, unless it has only files of kkplan's.

        A killed first apply may have left them, or a person made SHA256SUMS again after an edit.
        """
        wanted = {each.path: each.content.encode() for each in artifacts}
        paths = list(self.output.paths())
        for path in paths:
            of = _LEFT_BY_A_KILL.sub(r"\1\2\3", path) if _LEFT_BY_A_KILL.fullmatch(path) else path
            if path.endswith("/"):
                known = any(each.startswith(path) for each in wanted)
            elif of != path:
                known = self._is_known(Path(of))
            elif path == SUMS:
                # Other folders have such lists too, so another file has to be kkplan's.
                known = any(is_written_name(each, self._names) for each in paths)
            elif path == KEEPS_EMPTY:
                known = True
            else:
                found = self.output.read(path) if is_written_name(path, self._names) else None
                known = found is not None and (_is_marked(found.data) or found.data == wanted.get(path))
            if not known:
                raise DiskError(
                    T("this folder is not empty and was not written by kkplan (it contains {path})", path=named(path)),
                    advice=T("Choose another folder with --output-dir"),
                    file=str(self.output.path),
                )

    def _is_known(self, path: Path) -> bool:
        return is_written_name(str(path), (*self._names, SUMS))

    def refuse_changed(self, files: Sequence[PlannedFile]) -> None:
        """Check that the folder has not changed since the plan.

        Raises:
            DiskError: another program has changed it.
        """
        if self.compare([file.artifact for file in files if file.action is not FileAction.REMOVE]) != tuple(files):
            raise changed_meanwhile(self.output.path)

    def remove_leftovers(self) -> None:
        """Remove the temporaries of runs that were killed, and sub-folders that are then empty."""
        for path in list(self.output.paths()):
            with suppress(DiskError):
                if (
                    _LEFT_BY_A_KILL.fullmatch(path) and self.output.read(path) is not None
                ):  # it is not in a mount, and so on
                    remove_leftovers([Path(path)], self._is_known, self.output.opened)
                    self._remove_if_empty(Path(path).parent)

    def stage(self, files: Sequence[PlannedFile], now: datetime) -> None:
        """Write the backups and the new files; nothing is replaced yet.

        Raises:
            OSError: there is no space, or no permission.
        """
        self._files = files
        for file in files:
            path, folder = Path(file.artifact.path), self.output.opened
            found = self.output.read(file.artifact.path) if file.action is FileAction.OVERWRITE else None
            if found is not None:
                self.backups.append(str(write_backup(path, found.data, now, folder)))
            if file.action not in (FileAction.KEEP, FileAction.REMOVE):
                content, set_mode = file.artifact.content.encode(), partial(os.fchmod, mode=file.artifact.mode)
                self._staged[file.artifact.path] = write_temporary(path, content, set_mode, folder)

    def commit(self) -> None:
        """Replace each file with the new one, SHA256SUMS last: until then, `sha256sum -c` reports unfinished files.

        Raises:
            DiskError: another program has changed the folder, or not all files could be replaced.
        """
        self.refuse_changed(self._files)
        folders = sorted({".", *(str(Path(path).parent) for path in self._staged)})
        *files, sums = sorted(self._files, key=lambda file: file.artifact.path == SUMS)
        try:
            for file in files:
                self._carry_out(file)
            self.output.sync(folders)
            self._carry_out(sums)
            self.output.sync(["."])
        except OSError as error:
            if not self._has_begun:
                raise disk_error(error, self.output.path) from None
            raise self.unfinished(error.strerror) from None

    def _carry_out(self, file: PlannedFile) -> None:
        path, folder = file.artifact.path, self.output.opened
        if file.action is FileAction.REMOVE:
            os.unlink(path, dir_fd=folder)
            self._remove_if_empty(Path(path).parent)
        elif file.action is not FileAction.KEEP:
            os.rename(self._staged[path], path, src_dir_fd=folder, dst_dir_fd=folder)
            del self._staged[path]
        self._has_begun = self._has_begun or file.action is not FileAction.KEEP

    def _remove_if_empty(self, inner: Path) -> None:
        """Remove a sub-folder from which kkplan has removed a file, if it is empty."""
        with suppress(OSError):
            os.rmdir(inner, dir_fd=self.output.opened)

    def unfinished(self, reason: object) -> DiskError:
        """The error after the first file was replaced."""
        return OutcomeError(
            T(
                "{reason}. Some files in this folder were replaced; the config was not changed. Fix the cause, then "
                "run the same command again to complete it",
                reason=named(reason),
            ),
            file=str(self.output.path),
        )

    def clean_up(self) -> None:
        """Remove temporaries; the backups too, if nothing was replaced."""
        for path in (*self._staged.values(), *(map(Path, self.backups) if not self._has_begun else ())):
            remove_file(path, self.output.opened)


@contextmanager
def staged_files(
    folder: Path,
    files: Sequence[PlannedFile],
    names: WrittenNames,
    owners: frozenset[int],
    now: datetime,
    *,
    is_exclusive: bool,
) -> Iterator[BundleFolder | None]:
    """Write new files and backups beside what is in the output folder; None if nothing is to be done.

    Args:
        is_exclusive: whether no other kkplan can be writing there, so temporaries are left from killed runs.

    Raises:
        DiskError: there is no space, or no permission, or another program has changed the folder since the plan.
    """
    if not files:
        yield None
        return
    with ExitStack() as stack:
        try:
            staged = BundleFolder(folder, names, owners, stack)
            staged.refuse_changed(files)
            if is_exclusive:
                staged.remove_leftovers()
            if any(file.action is not FileAction.KEEP for file in files):
                inner = sorted({Path(file.artifact.path).parent for file in files if file.action is FileAction.CREATE})
                stack.enter_context(folders_made(inner, staged.output.opened))
                stack.callback(staged.clean_up)
                staged.stage(files, now)
                yield staged
            else:
                yield None
        except OSError as error:
            raise disk_error(error, folder) from None
