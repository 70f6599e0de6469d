"""Completion for bash 4 and newer, without the package bash-completion."""

from __future__ import annotations

from collections.abc import Iterator

from tools.command_grammar import Command, Grammar, Value
from tools.completion import NICS

# COMP_WORDS is split at `=`, so the line is read again; the replies have only the part after the last `=`, if bash splits there.
_SCRIPT = r"""# kkplan's completion for bash: source <(kkplan completion bash)
_kkplan() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word command= flag= cur value prefix eaten= i
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    cur=${words[-1]}
    for ((i = 1; i < ${#words[@]} - 1; i++)); do
        case " @COMMANDS@ " in *" ${words[i]} "*) command=${words[i]}; break ;; esac
    done
    flag=${words[-2]}
    if [[ $cur == --*=* ]]; then
        flag=${cur%%=*}
        value=${cur#*=}
    else
        value=$cur
    fi
    COMPREPLY=()
    case "$command $flag" in
@VALUES@
    *)
        if [[ $cur == -* ]]; then
            case $command in
@FLAGS@
            esac
        else
            case $command in
@ARGUMENTS@
            esac
        fi
        ;;
    esac
    # Full words first, then without what stands before bash's own word.
    prefix=${cur%"$value"}
    [[ $COMP_WORDBREAKS == *=* ]] && eaten=${cur%"${cur##*=}"}
    for i in "${!COMPREPLY[@]}"; do
        word=$prefix${COMPREPLY[i]}
        COMPREPLY[i]=${word#"$eaten"}
    done
    return 0
}
# Not by compgen -W, which expands its words as a command line is expanded: a NIC may be named $(...).
_kkplan_offer() {
    local before=$1 begun=$2 word
    for word in "${@:3}"; do
        [[ $word == "$begun"* ]] && COMPREPLY+=("$before$word")
    done
}
_kkplan_words() { local words; read -ra words <<<"$1"; _kkplan_offer "" "$2" "${words[@]}"; }
_kkplan_list() { local words; read -ra words <<<"$2"; _kkplan_offer "${1%"${1##*,}"}" "${1##*,}" "${words[@]}"; }
_kkplan_files() {
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
}
_kkplan_folders() {
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -d -- "$1")
}
_kkplan_lb() {
    local nic quoted
    [[ $1 == *=*,* ]] || return 0
    for nic in @NICS@/*; do
        printf -v quoted %q "${nic##*/}"
        _kkplan_offer "${1%,*}," "${1##*,}" "nic=$quoted"
    done
}
complete -F _kkplan kkplan
"""


def script(grammar: Grammar) -> str:
    """The script for bash."""
    commands = " ".join(command.name for command in grammar.commands)
    every = (grammar.top, *grammar.commands)
    parts = {
        "@COMMANDS@": commands,
        "@VALUES@": "\n".join(line for command in every for line in _values(command)),
        "@FLAGS@": "\n".join(_flags(command) for command in every),
        "@ARGUMENTS@": "\n".join(_argument(command, commands) for command in every),
        "@NICS@": NICS,
    }
    text = _SCRIPT
    for mark, part in parts.items():
        text = text.replace(mark, part)
    return text


def _values(command: Command) -> Iterator[str]:
    for option in command.options:
        if option.value is not None:
            patterns = " | ".join(f'"{command.name} {flag}"' for flag in option.flags)
            yield f"    {patterns}) {_reply(option.value, listed='RULES' in option.metavar)} ;;"


def _flags(command: Command) -> str:
    words = " ".join(flag for option in command.options for flag in option.flags)
    return f"            '{command.name}') _kkplan_words '{words}' \"$cur\" ;;"


def _argument(command: Command, commands: str) -> str:
    if not command.name:
        return f"            '') _kkplan_words '{commands}' \"$cur\" ;;"
    reply = _reply(command.arguments[-1].value, listed=False) if command.arguments else ":"
    return f"            '{command.name}') {reply} ;;"


def _reply(value: Value, *, listed: bool) -> str:
    name = value.kind.value
    if name == "words":
        return f"_kkplan_{'list' if listed else 'words'} " + (
            f"\"$value\" '{' '.join(value.words)}'" if listed else f"'{' '.join(value.words)}' \"$value\""
        )
    return {
        "file": '_kkplan_files "$value"',
        "folder": '_kkplan_folders "$value"',
        "lb server": '_kkplan_lb "$value"',
    }.get(name, ":")
