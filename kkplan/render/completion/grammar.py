"""What can be typed: commands, their arguments and options, and what a value may be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a value is, as far as a shell can help with it."""

    FREE = "free"
    WORDS = "words"
    FILE = "file"
    FOLDER = "folder"
    LB_SERVER = "lb server"  # NAME=IP[,nic=NIC]


@dataclass(frozen=True)
class Value:
    """What may stand for a value.

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
    """What a command takes without a flag; `metavar` as its usage line has it."""

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
