"""Reads plain command lines without typer, whose loading takes half of the start-up time.

Everything else (an unknown or repeated option, a missing value, help) is left to typer, and so are all
messages. tests/cli/test_quick.py compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FunctionType
from typing import Any, NamedTuple

from kkplan.cli.commands import HELP, command_named
from kkplan.cli.options import BESIDE, LANG, PARAMETERS, check_values, for_command
from kkplan.modes.mode import all_questions
from kkplan.plan.dialect import file_roles

_TEXT = ("str", "str | None")
_TEXTS = ("list[str]", "list[str] | None")
_TAKES_MORE = 0x08  # CO_VARKEYWORDS of a code object; the module inspect takes longer to load than all of this


class _Parameter(NamedTuple):
    name: str
    flags: tuple[str, ...]
    type: str
    required: bool


def quick_call(arguments: Sequence[str]) -> Callable[[], int | None] | None:
    """The call for the command line; None if typer has to read it."""
    if not arguments or arguments[0] not in HELP:
        return None
    command = command_named(arguments[0])
    given = _given(arguments[1:], tuple(_parameters(command)))
    return partial(_call, command, given) if given is not None else None


def _call(command: Callable[..., int | None], given: dict[str, Any]) -> int | None:
    check_values(given)
    return command(**for_command(given))


def _parameters(command: FunctionType) -> Iterator[_Parameter]:
    code = command.__code__
    names = code.co_varnames[: code.co_argcount]
    required = len(names) - len(command.__defaults__ or ())
    for number, name in enumerate(names):
        if name == BESIDE:
            yield from (_Parameter(role.name, (f"--{role.name}",), _TEXT[1], False) for role in file_roles())
            continue
        yield _Parameter(name, PARAMETERS[name].flags, command.__annotations__[name], number < required)
    yield _Parameter(LANG, PARAMETERS[LANG].flags, _TEXT[1], False)
    if code.co_flags & _TAKES_MORE:
        for question in all_questions():
            yield _Parameter(question.name, (question.flag,), _TEXTS[1] if question.repeated else _TEXT[1], False)


def _given(words: Sequence[str], parameters: tuple[_Parameter, ...]) -> dict[str, Any] | None:
    by_flag = {flag: parameter for parameter in parameters for flag in parameter.flags}
    given: dict[str, Any] = {}
    places: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if word == "-" or not word.startswith("-"):
            places.append(word)
            continue
        flag, has_value, value = word.partition("=") if word.startswith("--") else (word, "", "")
        parameter = by_flag.get(flag)
        if parameter is None or (parameter.name in given and parameter.type not in _TEXTS):
            return None
        if parameter.type == "bool":
            if has_value:
                return None
            given[parameter.name] = True
            continue
        if not has_value:
            value = next(waiting, "-")
            if value.startswith("-"):
                return None
        if parameter.type in _TEXTS:
            given.setdefault(parameter.name, []).append(value)
        elif parameter.type in _TEXT:
            given[parameter.name] = value
        else:
            return None
    return _with_places(given, places, [parameter for parameter in parameters if not parameter.flags])


def _with_places(given: dict[str, Any], places: list[str], parameters: list[_Parameter]) -> dict[str, Any] | None:
    """Add the arguments, which have no flags."""
    for parameter in parameters:
        if parameter.type in _TEXTS:
            taken, places = places, []
            given |= {parameter.name: taken} if taken else {}
        elif places:
            given[parameter.name] = places.pop(0)
        if parameter.required and parameter.name not in given:
            return None
    return given if not places else None
