"""The help of each command: its options in groups in the order of use, and examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kkplan.locale import T, Text
from kkplan.modes.mode import modes
from kkplan.render.style import padded, width_of, wrapped

COMMAND_GROUPS: Sequence[tuple[Text, Sequence[str]]] = (
    (T("Plan"), ("plan", "apply", "wizard", "restore")),
    (T("Check"), ("check", "show", "explain")),
    (T("Prove"), ("rehearse", "verify", "review")),
    (T("Other"), ("schema", "completion")),
)

CONFIG_FILES = T("Config files")
ENDPOINT = T("Endpoint")
RULES = T("Rules")
BACKUPS = T("Backups")
REHEARSAL = T("Rehearsal")
REPORTS = T("Reports")
PROBES = T("Probes")
OUTPUT = T("Output")
GENERAL = T("General")

# Of kkplan itself, named "", and of each command.
EXAMPLES: Mapping[str, Sequence[str]] = {
    "": (
        "kkplan check config-sample.yaml",
        "kkplan plan config-sample.yaml --mode internal-haproxy",
        "kkplan apply config-sample.yaml --mode internal-haproxy",
    ),
    "plan": (
        "kkplan plan config-sample.yaml --mode internal-haproxy",
        "kkplan plan config-sample.yaml --mode cloud-lb --address 172.16.0.10",
        "kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 \\\n"
        "    --lb lb1=172.16.0.2 --lb lb2=172.16.0.3 --out ha.plan",
    ),
    "apply": (
        "kkplan apply ha.plan",
        "kkplan apply config-sample.yaml --mode internal-haproxy",
        "kkplan apply config-sample.yaml --answers answers.yaml --yes",
    ),
    "wizard": ("kkplan wizard", "kkplan wizard config-sample.yaml --save-answers answers.yaml"),
    "restore": (
        "kkplan restore config-sample.yaml",
        "kkplan restore config-sample.yaml --list",
    ),
    "check": (
        "kkplan check config-sample.yaml",
        "kkplan check --fix config-sample.yaml",
        "kkplan check --strict --format sarif clusters/ > findings.sarif",
    ),
    "show": ("kkplan show config-sample.yaml", "kkplan show config-sample.yaml --format mermaid"),
    "explain": ("kkplan explain", "kkplan explain KK101"),
    "rehearse": (
        "sudo kkplan rehearse ha.plan",
        "sudo kkplan rehearse kkplan-out --scenario haproxy-stopped --repeat 10",
        "kkplan rehearse --scenario list",
    ),
    "verify": (
        "kkplan verify ha.plan",
        "kkplan verify kkplan-out --after-install --watch 60",
        "kkplan verify ha.plan --after-install --hosts-file node1=node1.hosts",
    ),
    "review": (
        "kkplan review ha.plan --out review.html",
        "kkplan review ha.plan --rehearsal rehearsal.json --out review.html",
    ),
    "schema": ("kkplan schema", "kkplan schema cluster.v1alpha2 > cluster.schema.json"),
    "completion": (
        "source <(kkplan completion bash)",
        "source <(kkplan completion zsh)",
        "kkplan completion fish > ~/.config/fish/completions/kkplan.fish",
    ),
}


def option_groups() -> Sequence[str]:
    """The titles of the groups of options, in the order of use; a mode has one for the options that only it takes."""
    before, after = (CONFIG_FILES, ENDPOINT), (RULES, BACKUPS, REHEARSAL, PROBES, REPORTS, OUTPUT, GENERAL)
    return [*map(str, before), *(mode.name for mode in modes()), *map(str, after)]


def group_of_question(name: str) -> str:
    """The group of the option for a question: the mode's, where only one mode asks it."""
    asking = [mode.name for mode in modes() if any(question.name == name for question in mode.questions)]
    return asking[0] if len(asking) == 1 else str(ENDPOINT)


def help_body(command: Any, context: Any, width: int) -> str:
    """The help of a command below its usage line: what it does, what it takes, and examples.

    Args:
        command: a command of typer, or kkplan itself with its commands.
        width: the widest line, in cells of a terminal.
    """
    parameters = command.get_params(context)
    options = [option for option in parameters if option.param_type_name == "option"]
    typed = {
        str(T("Arguments")): [one for one in parameters if one.param_type_name == "argument"],
        **{title: [one for one in options if group_of_option(one) == title] for title in option_groups()},
    }
    examples = "\n".join(EXAMPLES["" if hasattr(command, "commands") else command.name]).split("\n")
    parts = [
        _paragraph(command.help, width),
        *_sections(_commands_by_group(getattr(command, "commands", {})), width),
        *_sections({title: [one.get_help_record(context) for one in group] for title, group in typed.items()}, width),
        "\n".join([_heading(T("Examples")), *(f"  {line}" for line in examples)]),
        *([_paragraph(command.epilog, width)] if command.epilog else []),
    ]
    return "\n\n".join(parts) + "\n"


_WIDEST_TERM = 26  # what is wider has a line of its own


def group_of_option(option: Any) -> str:
    """The title of an option's group; click's own, such as --help, are general."""
    return getattr(option, "rich_help_panel", None) or str(GENERAL)


def _commands_by_group(commands: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    return {
        str(title): [(name, first_sentence(commands[name].help)) for name in names if name in commands]
        for title, names in COMMAND_GROUPS
    }


def first_sentence(text: str) -> str:
    """Up to the first full stop, which it leaves out: a summary."""
    for end in (". ", "。"):
        text = text.partition(end)[0]
    return text.rstrip(".")


def _paragraph(text: str, width: int) -> str:
    return "\n".join(f"  {line}" for line in wrapped(text, width - 2).split("\n"))


def _sections(sections: Mapping[str, Sequence[tuple[str, str]]], width: int) -> Iterator[str]:
    terms = [width_of(term) for rows in sections.values() for term, _ in rows]
    column = 2 + min(_WIDEST_TERM, max(terms, default=0)) + 2
    yield from (_section(title, rows, column, width) for title, rows in sections.items() if rows)


def _section(title: str, rows: Sequence[tuple[str, str]], column: int, width: int) -> str:
    lines = [_heading(title)]
    for term, text in rows:
        first, *others = wrapped(text, width - column).split("\n")
        if width_of(term) > _WIDEST_TERM:
            lines += [f"  {term}", " " * column + first]
        else:
            lines.append(padded(f"  {term}", column) + first)
        lines += [" " * column + line for line in others]
    return "\n".join(lines)


def _heading(title: object) -> str:
    return f"{title}{':' if str(title).isascii() else '：'}"
