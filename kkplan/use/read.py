"""Read a config by the dialect of its KubeKey."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.disk.config_file import ConfigFile, read_config
from kkplan.document.parse import Document, parse
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
        KkplanError: no KubeKey would install from the file.
    """
    dialect = dialect_of(document)
    files, documents = {CONFIG: file}, {CONFIG: document}
    for role in dialect.file_roles:
        name = (beside or {}).get(role.name) or str(file.folder / role.file_name)
        if role.name in (beside or {}) or Path(name).exists():
            files[role.name] = read_config(name)
            documents[role.name] = parse(files[role.name].data, name)
    return Reading(dialect, files, documents, dialect.read(documents).replaced(permissions=file.permissions))
