"""The grammar of the command line: commands, their arguments and options, and possible values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The kind of a value, as far as a shell can complete it."""

    FREE = "free"
    WORDS = "words"
    FILE = "file"
    FOLDER = "folder"
    LB_SERVER = "lb server"  # NAME=IP[,nic=NIC]


@dataclass(frozen=True)
class Value:
    """The possible values.

    Attributes:
        words: of the kind WORDS, all that are known.
    """

    kind: Kind
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """An option of a command.

    Attributes:
        flags: as they are typed, the long one first.
        metavar: what the value looks like; "" for an option without one.
        value: None for an option without one.
        group: the title of its group in the help.
    """

    flags: tuple[str, ...]
    metavar: str
    help: str
    value: Value | None
    group: str


@dataclass(frozen=True)
class Argument:
    """An argument of a command; `metavar` as in the usage line."""

    metavar: str
    help: str
    value: Value


@dataclass(frozen=True)
class Command:
    """A command, or kkplan itself with an empty name.

    Attributes:
        epilog: what its help ends with.
        examples: command lines.
    """

    name: str
    help: str
    epilog: str
    examples: tuple[str, ...]
    arguments: tuple[Argument, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Grammar:
    """kkplan without a command, and all commands."""

    top: Command
    commands: tuple[Command, ...]
