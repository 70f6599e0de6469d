"""What kkplan knows of one KubeKey: a dialect is a package of kkplan whose name begins with `kubekey`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, Protocol

import kkplan
from kkplan.cluster.endpoint import EffectiveEndpoint, EndpointKind, WantedEndpoint
from kkplan.document.change import Change
from kkplan.document.node import Node
from kkplan.document.parse import Document
from kkplan.locale import Text
from kkplan.parts import part_names
from kkplan.plan.rule import Subject
from kkplan.schema.shape import Shape

_PREFIX = "kubekey"
CONFIG = "config"


class FileRole(NamedTuple):
    """A file that a dialect reads beside the config.

    Attributes:
        name: the option is `--` and the name; edits and changes name it too.
        file_name: what the file is called where it is not named, beside the config.
        help: a line for `--help`.
        holds: whether a file is one for the role. One that was not named and is none is left alone.
        config_name: what the config is called beside such a file, where that one is named in the config's place; "" where
            the config has to be named.
        decides: a config that is named with such a file is this dialect's, whatever it says of itself: kk does not ask.
    """

    name: str
    file_name: str
    help: Any
    holds: Callable[[Document], bool] = lambda document: True
    config_name: str = ""
    decides: bool = False


class Dialect(Protocol):
    """One KubeKey: its files, and what kk does with them.

    Attributes:
        name: the package's name, `kubekey3`.
        file_roles: the files beside the config.
        assumes: what a plan takes for granted about kk, which the files do not tell; None for nothing.
        endpoint_path: the mapping of the config that has the endpoint's keys, with dots between its keys; its key for
            the port is `port`.
        endpoint_kinds: those that it can write; for another one, `changes` and `planned` say in an error what to do.
    """

    name: str
    assumes: Text | None
    endpoint_path: str
    endpoint_kinds: frozenset[EndpointKind]
    file_roles: tuple[FileRole, ...]

    def may_be_config(self, text: str) -> bool:
        """Whether a file with this text may be a config of this KubeKey; False only if the text proves that it is not."""
        ...

    def recognises(self, document: Document) -> bool:
        """Whether the file is a config of this KubeKey, be it whole or not."""
        ...

    def read(self, documents: Mapping[str, Document]) -> Subject[Any, Any]:
        """What the files describe.

        Args:
            documents: `config` and the names of file roles → the files that there are. Where a file of a role was named
                in the config's place and there is no config, it is the one of `config`.

        Raises:
            KkplanError: kk would not install from them.
        """
        ...

    def effective(self, subject: Subject[Any, Any]) -> EffectiveEndpoint:
        """The endpoint that kk would set up."""
        ...

    def changes(self, subject: Subject[Any, Any], wanted: WantedEndpoint) -> Mapping[str, Sequence[Change]]:
        """How the wanted endpoint is written: the name of a file → its changes."""
        ...

    def planned(self, subject: Subject[Any, Any], wanted: WantedEndpoint) -> Subject[Any, Any]:
        """The subject once the wanted endpoint is written; places stay those of today's files."""
        ...

    def endpoint_description(self, subject: Subject[Any, Any], wanted: WantedEndpoint) -> Mapping[str, str | None]:
        """What a config with the wanted endpoint has: a key below `endpoint_path` → its value as YAML; None: no such key.

        Raises:
            KkplanError: this KubeKey has no such endpoint.
        """
        ...

    def install_command(self, files: Mapping[str, str]) -> str:
        """The shell command that installs a cluster from the files.

        Args:
            files: `config` and the names of file roles → the files, as words of a shell.
        """
        ...

    def shape_of(self, root: Node) -> Shape | None:
        """What the schema knows of a YAML document; None for one that is not this KubeKey's."""
        ...


@cache
def dialect_packages() -> tuple[str, ...]:
    """The names of the dialects' packages."""
    names = part_names(kkplan, packages=True)
    return tuple(f"{kkplan.__name__}.{name}" for name in names if name.startswith(_PREFIX))


def dialects() -> tuple[Dialect, ...]:
    """Every dialect, each the DIALECT of its package."""
    return tuple(import_module(package).DIALECT for package in dialect_packages())


def file_roles() -> tuple[FileRole, ...]:
    """The file roles of all dialects, each name once."""
    return tuple({role.name: role for dialect in dialects() for role in dialect.file_roles}.values())
