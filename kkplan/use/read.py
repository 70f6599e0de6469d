"""Read a config by the dialect of its KubeKey."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.disk.config_file import ConfigFile, read_config
from kkplan.document.parse import Document, parse
from kkplan.errors import UsageError
from kkplan.locale import T, named
from kkplan.plan.dialect import CONFIG, Dialect, dialects
from kkplan.plan.rule import Subject


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

    def role_of(self, name: str) -> str:
        """The role of the file of that name; `config` for \"\"."""
        return next((role for role, file in self.files.items() if name and file.name == name), CONFIG)

    @property
    def effective(self) -> EffectiveEndpoint:
        """The endpoint that kk would set up."""
        return self.dialect.effective(self.subject)


def read(file: ConfigFile, beside: Mapping[str, str] | None = None) -> Reading:
    """What a config describes.

    Args:
        beside: file role → the file that was named for it.

    Raises:
        KkplanError: no KubeKey would install from the file.
    """
    return read_parsed(file, parse(file.data, file.name), beside)


def dialect_of(document: Document) -> Dialect:
    """The dialect of a file; the first one if none recognises it, for its error message."""
    return next((known for known in dialects() if known.recognises(document)), dialects()[0])


def read_parsed(file: ConfigFile, document: Document, beside: Mapping[str, str] | None = None) -> Reading:
    """What a parsed config describes.

    Raises:
        UsageError: a file was named for a role that its KubeKey does not have.
        KkplanError: no KubeKey would install from the file.
    """
    dialect = dialect_of(document)
    named_files = beside or {}
    _refuse_unused(dialect, document, named_files)
    files, documents = {CONFIG: file}, {CONFIG: document}
    for role in dialect.file_roles:
        name = named_files.get(role.name) or str(file.folder / role.file_name)
        if role.name in named_files or Path(name).exists():
            files[role.name] = read_config(name)
            documents[role.name] = parse(files[role.name].data, name)
    return _reading(dialect, files, documents)


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
    subject = dialect.read(documents).replaced(permissions=files[CONFIG].permissions)
    return Reading(dialect, files, documents, subject)


def _refuse_unused(dialect: Dialect, document: Document, named_files: Mapping[str, str]) -> None:
    """Make sure that no file was named in vain; of a file that no dialect recognises, the dialect says what is wrong."""
    known = {role.name for role in dialect.file_roles}
    unused = next((role for role in named_files if role not in known), None)
    if unused is not None and dialect.recognises(document):
        raise UsageError(
            T("--{option} does not go with this config: its KubeKey reads no such file", option=named(unused)),
            file=document.name,
        )
