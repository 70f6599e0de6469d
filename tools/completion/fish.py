"""Completion for fish: a file kkplan.fish in ~/.config/fish/completions, or read by `source`."""

from __future__ import annotations

from tools.command_grammar import Command, Grammar, Value
from tools.completion import NICS

_HEAD = rf"""# kkplan's completion for fish: kkplan completion fish | source
function __kkplan_lb
    set -l token (commandline -ct | string replace -r -- '^--[a-z-]+=' '')
    string match -q '*=*,*' -- $token; or return
    set -l before (string replace -r -- ',[^,]*$' ',nic=' $token)
    for nic in {NICS}/*
        printf '%s\n' $before(path basename -- $nic 2>/dev/null; or basename -- $nic)
    end
end
function __kkplan_rules
    set -l token (commandline -ct | string replace -r -- '^--[a-z-]+=' '')
    set -l before (string replace -r -- '[^,]*$' '' $token)
    printf '%s\n' $before$argv
end
complete -c kkplan -f
"""


def script(grammar: Grammar) -> str:
    """The script for fish."""
    # fish's own __fish_use_subcommand takes the value of `--lang zh` for a command.
    names = " ".join(command.name for command in grammar.commands)
    no_command = f"'not __fish_seen_subcommand_from {names}'"
    lines = [_HEAD, *_options(grammar.top, no_command)]
    for command in grammar.commands:
        lines.append(f"complete -c kkplan -n {no_command} -a {command.name} -d {_quoted(command.help)}\n")
    for command in grammar.commands:
        condition = f"'__fish_seen_subcommand_from {command.name}'"
        lines += _options(command, condition)
        for argument in command.arguments:
            lines.append(f"complete -c kkplan -n {condition}{_value(argument.value, is_argument=True)}\n")
    return "".join(lines)


def _options(command: Command, condition: str) -> list[str]:
    lines = []
    for option in command.options:
        flags = "".join(f" -l {flag[2:]}" if flag.startswith("--") else f" -s {flag[1:]}" for flag in option.flags)
        value = "" if option.value is None else _value(option.value, listed="RULES" in option.metavar)
        lines.append(f"complete -c kkplan -n {condition}{flags}{value} -d {_quoted(option.help)}\n")
    return lines


def _value(value: Value, *, listed: bool = False, is_argument: bool = False) -> str:
    words = " ".join(value.words)
    exclusive = "" if is_argument else " -x"
    return {
        "words": f"{exclusive} -a '(__kkplan_rules {words})'" if listed else f"{exclusive} -a '{words}'",
        "file": " -F" if is_argument else " -r -F",
        "folder": f"{exclusive} -a '(__fish_complete_directories (commandline -ct))'",
        "lb server": f"{exclusive} -a '(__kkplan_lb)'",
    }.get(value.kind.value, exclusive)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
