"""Read a config by the dialect of its KubeKey."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.disk.config_file import ConfigFile, read_config
from kkplan.document.parse import Document, parse
from kkplan.errors import UsageError
from kkplan.locale import T, named
from kkplan.plan.dialect import CONFIG, Dialect, FileRole, dialects
from kkplan.plan.rule import Subject
from kkplan.plan.shell_path import shell_path

# File role → the file that the user named for it.
NamedFiles = Mapping[str, str]


class Reading(NamedTuple):
    """A config and what it describes.

    Attributes:
        files: `config`, and the names of the dialect's file roles → the files that there are.
        documents: the same, parsed.
    """

    dialect: Dialect
    files: Mapping[str, ConfigFile]
    documents: Mapping[str, Document]
    subject: Subject[Any, Any]

    @property
    def file(self) -> ConfigFile:
        """The config itself."""
        return self.files[CONFIG]

    @property
    def arguments(self) -> str:
        """The files as kkplan takes them in a shell; CONFIG stands for standard input."""
        names = {role: "CONFIG" if file.is_stdin else file.name for role, file in self.files.items()}
        return config_arguments(self.dialect, names)

    def role_of(self, name: str) -> str:
        """The role of the file of that name; `config` for \"\"."""
        return next((role for role, file in self.files.items() if name and file.name == name), CONFIG)

    @property
    def effective(self) -> EffectiveEndpoint:
        """The endpoint that kk would set up."""
        return self.dialect.effective(self.subject)


def config_arguments(dialect: Dialect, names: Mapping[str, str]) -> str:
    """The files as kkplan takes them in a shell: the config, and options for those that it would not find by itself.

    Args:
        names: `config` and the names of file roles → the files' names.
    """
    folder = Path(names[CONFIG]).parent
    options = (
        f" --{role.name} {shell_path(names[role.name])}"
        for role in dialect.file_roles
        if role.name in names and Path(names[role.name]) != folder / role.file_name
    )
    return shell_path(names[CONFIG]) + "".join(options)


def read(file: ConfigFile, beside: NamedFiles | None = None) -> Reading:
    """What a config describes.

    Raises:
        KkplanError: no KubeKey would install from the file.
    """
    return read_parsed(file, parse(file.data, file.name), beside)


def dialect_of(document: Document, roles: Container[str] = ()) -> Dialect:
    """The dialect of a file: that of a named role that decides it, else the one that recognises the file.

    If none does, the first one, for its error message.

    Args:
        roles: the file roles that files were named for.
    """
    known = dialects()
    by_role = (one for one in known if any(role.decides and role.name in roles for role in one.file_roles))
    return next(by_role, None) or next((one for one in known if one.recognises(document)), known[0])


def read_parsed(file: ConfigFile, document: Document, beside: NamedFiles | None = None) -> Reading:
    """What a parsed config describes.

    Raises:
        UsageError: a file was named for a role that its KubeKey does not have.
        KkplanError: no KubeKey would install from the file.
    """
    named_files = beside or {}
    dialect = dialect_of(document, named_files)
    _refuse_unused(dialect, document, named_files)
    files, documents = {CONFIG: file}, {CONFIG: document}
    for role in dialect.file_roles:
        is_swapped = _is_beside_file(role, dialect, document)
        usual = role.config_name if is_swapped else role.file_name
        named_one = named_files.get(role.name)
        if named_one is not None:
            _refuse_same(file, role, named_one)
        found = _found(role, named_one, file.folder / usual, dialect.recognises if is_swapped else role.holds)
        if found is None:
            continue
        if is_swapped and not role.holds(found[1]):
            files, documents = {CONFIG: found[0], role.name: file}, {CONFIG: found[1], role.name: document}
        else:
            files[role.name], documents[role.name] = found
    return _reading(dialect, files, documents)


def _is_beside_file(role: FileRole, dialect: Dialect, document: Document) -> bool:
    """Whether the file that was named as the config is one for the role instead."""
    return bool(role.config_name) and role.holds(document) and dialect.recognises(document)


def _refuse_same(file: ConfigFile, role: FileRole, named_one: str) -> None:
    """Make sure that no file is given twice: an edit of the config would go into the other."""
    is_same = named_one == file.name
    if not is_same and not file.is_stdin:
        with suppress(OSError):  # reported when it is read
            is_same = Path(named_one).samefile(file.name)
    if is_same:
        raise UsageError(
            T("--{option} names the same file as the config. Name the other one", option=named(role.name)),
            file=named_one,
        )


def _found(
    role: FileRole, named_one: str | None, usual: Path, is_right: Callable[[Document], bool]
) -> tuple[ConfigFile, Document] | None:
    """The file that was named, or else the one of the usual name, where it is there and right."""
    if named_one is None and not _may_be_file(usual):
        return None
    file = read_config(named_one or str(usual), "" if named_one is None else role.name)
    document = parse(file.data, file.name)
    return (file, document) if named_one is not None or is_right(document) else None


def _may_be_file(path: Path) -> bool:
    """Whether it is a file, or cannot be looked at: reading it tells why."""
    try:
        return path.is_file()
    except OSError:
        return True


def with_data(reading: Reading, data: Mapping[str, bytes]) -> Reading:
    """The same files with other contents, which are not on the disk yet.

    Args:
        data: role → the bytes; the other files stay as they are.

    Raises:
        KkplanError: no KubeKey would install from them.
    """
    files = {role: file._replace(data=data.get(role, file.data)) for role, file in reading.files.items()}
    documents = {role: parse(data[role], files[role].name) for role in data}
    return _reading(reading.dialect, files, {**reading.documents, **documents})


def _reading(dialect: Dialect, files: Mapping[str, ConfigFile], documents: Mapping[str, Document]) -> Reading:
    on_disk = ((documents[role], file.permissions) for role, file in files.items() if file.permissions is not None)
    return Reading(dialect, files, documents, dialect.read(documents).replaced(files_on_disk=tuple(on_disk)))


def _refuse_unused(dialect: Dialect, document: Document, named_files: Mapping[str, str]) -> None:
    """Make sure that no file was named in vain; of a file that no dialect recognises, the dialect says what is wrong."""
    known = {role.name for role in dialect.file_roles}
    unused = next((role for role in named_files if role not in known), None)
    if unused is not None and dialect.recognises(document):
        raise UsageError(
            T("--{option} does not go with this config: its KubeKey reads no such file", option=named(unused)),
            file=document.name,
        )
