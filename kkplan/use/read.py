"""Read a config by the dialect of its KubeKey."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.disk.config_file import ConfigFile, read_config
from kkplan.document.parse import Document, parse
from kkplan.plan.dialect import CONFIG, Dialect, FileRole, dialects
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


def dialect_of(document: Document, named: Container[str] = ()) -> Dialect:
    """The dialect that a file is of: the one that has a file role that was named, else the one that recognises the file.

    Where none does, the first one, which can say what is wrong with the file.
    """
    known = dialects()
    by_role = (one for one in known if any(role.name in named for role in one.file_roles))
    return next(by_role, None) or next((one for one in known if one.recognises(document)), known[0])


def read_parsed(file: ConfigFile, document: Document, beside: Mapping[str, str] | None = None) -> Reading:
    """The same of a file that was parsed already.

    Raises:
        KkplanError: no KubeKey would install from the file.
    """
    named = dict(beside or {})
    dialect = dialect_of(document, named)
    files, documents = {CONFIG: file}, {CONFIG: document}
    for role in dialect.file_roles:
        is_swapped = _is_only(role, dialect, document)
        usual = role.config_name if is_swapped else role.file_name
        found = _beside(named.get(role.name), file.folder / usual, dialect.recognises if is_swapped else role.holds)
        if found is None:
            continue
        if is_swapped and not role.holds(found[1]):
            files, documents = {CONFIG: found[0], role.name: file}, {CONFIG: found[1], role.name: document}
        else:
            files[role.name], documents[role.name] = found
    return Reading(dialect, files, documents, dialect.read(documents).replaced(permissions=files[CONFIG].permissions))


def _is_only(role: FileRole, dialect: Dialect, document: Document) -> bool:
    """Whether the file that was named as the config is one for the role instead."""
    return bool(role.config_name) and role.holds(document) and dialect.recognises(document)


def _beside(named: str | None, usual: Path, is_right: Callable[[Document], bool]) -> tuple[ConfigFile, Document] | None:
    """The file that was named, or else the one of the usual name, where it is there and right."""
    if named is None and not usual.exists():
        return None
    file = read_config(named or str(usual))
    document = parse(file.data, file.name)
    return (file, document) if named is not None or is_right(document) else None
