"""Completion for zsh, in terms of its `_arguments`: a file `_kkplan` in a folder of $fpath, or read after compinit."""

from __future__ import annotations

from tools.command_grammar import Command, Grammar, Option, Value
from tools.completion import NICS, quoted

_SCRIPT = r"""#compdef kkplan
# kkplan's completion for zsh: source <(kkplan completion zsh)
_kkplan() {
    local curcontext=$curcontext state line
    typeset -A opt_args
    _arguments -C @TOP@ '1: :_kkplan_commands' '*:: :->rest' && return
    [[ $state == rest ]] || return
    case $words[1] in
@COMMANDS@
    esac
}
_kkplan_commands() {
    local -a commands=(@NAMES@)
    _describe -t commands command commands
}
_kkplan_lb() {
    local -a nics=(@NICS@/*(N:t))
    if compset -P '*,nic='; then
        compadd -- $nics
    elif compset -P '*=*,'; then
        compadd -- nic=$^nics
    fi
}
if [[ $funcstack[1] == _kkplan ]]; then _kkplan "$@"; else compdef _kkplan kkplan; fi
"""


def script(grammar: Grammar) -> str:
    """The script for zsh."""
    cases = "\n".join(f"    {command.name}) _arguments {_specs(command)} ;;" for command in grammar.commands)
    names = " ".join(quoted(f"{command.name}:{_brief(command.help)}") for command in grammar.commands)
    parts = {"@TOP@": _specs(grammar.top), "@COMMANDS@": cases, "@NAMES@": names, "@NICS@": NICS}
    text = _SCRIPT
    for mark, part in parts.items():
        text = text.replace(mark, part)
    return text


def _specs(command: Command) -> str:
    specs = [spec for option in command.options for spec in _option(option)]
    for argument in command.arguments:
        place = "*" if "…" in argument.metavar else "1"
        specs.append(quoted(f"{place}:{_plain(argument.metavar)}:{_action(argument.value, listed=False)}"))
    return " ".join(specs)


def _option(option: Option) -> list[str]:
    text = _plain(option.help)
    if option.value is None:
        return [quoted(f"{flag}[{text}]") for flag in option.flags]
    value = f":{_plain(option.metavar)}:{_action(option.value, listed='RULES' in option.metavar)}"
    # A `*` lets an option be given several times; `=` lets its value follow in the same word too.
    return [quoted(f"*{flag}{'=' if flag.startswith('--') else '+'}[{text}]{value}") for flag in option.flags]


def _action(value: Value, *, listed: bool) -> str:
    words = " ".join(value.words)
    return {
        "words": f"_values -s , word {words}" if listed else f"({words})",
        "file": "_files",
        "folder": "_files -/",
        "lb server": "_kkplan_lb",
    }.get(value.kind.value, " ")


def _plain(text: str) -> str:
    """Escapes the characters that `_arguments` interprets."""
    return text.replace("[", "(").replace("]", ")").replace(":", "\\:")


def _brief(text: str) -> str:
    return _plain(text).replace("\\:", " -")
