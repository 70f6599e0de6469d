"""The grammar of the command line, read from the commands: for completion and man pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

import typer.main

from kkplan.cli.app import build_app
from kkplan.cli.help import EXAMPLES, group_of_option, option_groups
from kkplan.modes.mode import modes
from kkplan.rehearsal.scenario import scenarios
from kkplan.rules.catalogue import rule_modules
from kkplan.schema.stored import schema_names


class Kind(Enum):
    """The kind of a value, as far as a shell can complete it."""

    FREE = "free"
    WORDS = "words"
    FILE = "file"
    FOLDER = "folder"
    LB_SERVER = "lb server"  # NAME=IP[,nic=NIC]


class Value(NamedTuple):
    """The possible values.

    Attributes:
        words: of the kind WORDS, all that are known.
    """

    kind: Kind
    words: tuple[str, ...] = ()


class Option(NamedTuple):
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


class Argument(NamedTuple):
    """An argument of a command; `metavar` as in the usage line."""

    metavar: str
    help: str
    value: Value


class Command(NamedTuple):
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


class Grammar(NamedTuple):
    """kkplan without a command, and all commands."""

    top: Command
    commands: tuple[Command, ...]


def grammar() -> Grammar:
    """All commands and options, described in the current language."""
    group: Any = typer.main.get_command(build_app())  # type: ignore[arg-type]
    return Grammar(_command("", group), tuple(_command(name, command) for name, command in group.commands.items()))


def _command(name: str, command: Any) -> Command:
    context = typer.Context(command, info_name=f"kkplan {name}".strip(), help_option_names=["-h", "--help"])
    parameters = command.get_params(context)
    options = [one for one in parameters if one.param_type_name == "option"]
    titles = option_groups()
    return Command(
        name,
        command.help or "",
        command.epilog or "",
        tuple(EXAMPLES[name]),
        tuple(_argument(one) for one in parameters if one.param_type_name == "argument"),
        tuple(sorted(map(_option, options), key=lambda option: titles.index(option.group))),
    )


def _argument(parameter: Any) -> Argument:
    return Argument(parameter.metavar, parameter.help, value_of(parameter.name, parameter.metavar))


def _option(parameter: Any) -> Option:
    flags = tuple(sorted(parameter.opts, key=len, reverse=True))
    if parameter.is_flag:
        return Option(flags, "", parameter.help, None, group_of_option(parameter))
    value = value_of(parameter.name, parameter.metavar)
    return Option(flags, parameter.metavar, parameter.help, value, group_of_option(parameter))


# The possible values, by the parameter's name.
_WORDS: Mapping[str, Callable[[], Sequence[str]]] = {
    "mode": lambda: [mode.name for mode in modes()],
    "rules": lambda: list(rule_modules()),
    "select": lambda: list(rule_modules()),
    "ignore": lambda: list(rule_modules()),
    "name": schema_names,
    "scenario": lambda: [*(known.name for known in scenarios()), "list"],
}
_FILE_METAVARS = frozenset({"FILE", "PLANFILE", "CONFIG", "CONFIG…", "[CONFIG]", "TARGET", "[PLANFILE|DIR]", "BACKUP"})


def value_of(name: str, metavar: str) -> Value:
    """What the value of a parameter may be, by its name and metavar."""
    if name in _WORDS:
        return Value(Kind.WORDS, tuple(_WORDS[name]()))
    if metavar in _FILE_METAVARS:
        return Value(Kind.FILE)
    if metavar == "DIR":
        return Value(Kind.FOLDER)
    if metavar.startswith("NAME=IP"):
        return Value(Kind.LB_SERVER)
    if "|" in metavar:
        return Value(Kind.WORDS, tuple(metavar.split("|")))
    return Value(Kind.FREE)
