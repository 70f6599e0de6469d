"""The man pages, made of the same declarations as the help: `make man`. In roff's man macros, see groff_man(7)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from kkplan import __version__
from kkplan.cli.help import first_sentence
from kkplan.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from kkplan.locale import LANGUAGES, T, Text, current_language, use_language
from tools.command_grammar import Argument, Command, Grammar, Option, grammar

MAN = Path(__file__).parents[1] / "docs" / "man"
# Where man(1) looks for a language's pages.
FOLDERS = {"en": Path("man1"), "zh": Path("zh_CN") / "man1"}

EXIT_CODES = (
    (0, T("done, or nothing to do")),
    (EXIT_FAILED, T("failed or refused, or errors were found")),
    (2, T("changes are pending (`plan --detailed-exitcode` only)")),
    (EXIT_USAGE, T("usage error")),
    (EXIT_INTERRUPTED, T("interrupted: no file is half-written")),
    (129, T("ended by SIGHUP: the terminal is gone")),
    (141, T("ended by SIGPIPE: the reader of the output has closed it")),
    (143, T("ended by SIGTERM: no file is half-written")),
)
ENVIRONMENT = (
    ("LANGUAGE, LC_ALL, LC_MESSAGES, LANG", T("The language, in this order; --lang overrides them.")),
    ("NO_COLOR", T("If not empty, output has no colours.")),
    ("KKPLAN_YAML", T("pure: read YAML with the parser in pure Python only.")),
    ("KKPLAN_DEBUG", T("If not empty, a bug in kkplan shows its whole trace, without any text of the config.")),
)
FILES = (
    ("config-sample.yaml", T("KubeKey's config; the wizard uses it by default.")),
    ("kkplan-out/", T("The files of the HA mode, beside the config.")),
    (".kkplan.toml", T("Settings of a site for kkplan check, in the config's folder or one above it.")),
)


def pages() -> dict[Path, str]:
    """Every page by its path in docs/man."""
    found = {}
    spoken = current_language()
    for language in LANGUAGES:
        use_language(language)
        typed = grammar()
        for command in (typed.top, *typed.commands):
            found[FOLDERS[language] / f"{page_name(command)}.1"] = page(command, typed)
    use_language(spoken)
    return found


def page_name(command: Command) -> str:
    """The page's name for man(1): kkplan, kkplan-plan …"""
    return f"kkplan-{command.name}" if command.name else "kkplan"


def page(command: Command, typed: Grammar) -> str:
    """One page in roff."""
    name = page_name(command)
    sections = [
        f'.\\" Made by `make man`.\n.TH {name.upper()} 1 "" "kkplan {__version__}" kkplan\n.ad l\n',
        section(T("NAME"), f"{roff(name)} \\- {roff(first_sentence(command.help))}\n"),
        section(T("SYNOPSIS"), synopsis(command)),
        section(T("DESCRIPTION"), f"{roff(command.help)}\n"),
        *([section(T("COMMANDS"), "".join(map(entry_of_command, typed.commands)))] if not command.name else []),
        *([section(T("ARGUMENTS"), "".join(map(entry_of_argument, command.arguments)))] if command.arguments else []),
        section(T("OPTIONS"), options(command)),
        section(T("EXIT STATUS"), "".join(entry(str(code), str(text)) for code, text in EXIT_CODES)),
    ]
    if not command.name:
        sections.append(section(T("ENVIRONMENT"), "".join(entry(word, str(text)) for word, text in ENVIRONMENT)))
        sections.append(section(T("FILES"), "".join(entry(word, str(text)) for word, text in FILES)))
    sections.append(section(T("EXAMPLES"), "".join(f".PP\n.nf\n{roff(line)}\n.fi\n" for line in command.examples)))
    sections.append(section(T("SEE ALSO"), see_also(command, typed)))
    return "".join(sections)


def section(title: Text, body: str) -> str:
    """A section with its heading."""
    return f".SH {roff(str(title))}\n{body}"


def synopsis(command: Command) -> str:
    """How the command is typed."""
    words = [f".B {roff(page_name(command).replace('-', ' ', 1))}\n"]
    words += [f".RI {roff('[')} {roff(str(T('OPTIONS')))} {roff(']')}\n"]
    words += [f".I {roff(argument.metavar)}\n" for argument in command.arguments]
    words += [".I COMMAND\n"] if not command.name else []
    return "".join(words)


def entry_of_command(command: Command) -> str:
    """A command in kkplan's own page."""
    return f".TP\n.BR {roff(page_name(command))} (1)\n{roff(command.help)}\n"


def entry_of_argument(argument: Argument) -> str:
    """An argument and what it is."""
    return f".TP\n.I {roff(argument.metavar)}\n{roff(argument.help)}\n" + known_words(argument.value.words)


def entry_of_option(option: Option) -> str:
    """An option, what its value looks like, and what it does."""
    flags = ", ".join(f"\\fB{roff(flag)}\\fR" for flag in option.flags)
    value = f" \\fI{roff(option.metavar)}\\fR" if option.metavar else ""
    words = option.value.words if option.value is not None and "|" not in option.metavar else ()
    return f".TP\n{flags}{value}\n{roff(option.help)}\n{known_words(words)}"


def options(command: Command) -> str:
    """All options, in their groups."""
    groups = groupby(command.options, key=lambda option: option.group)
    return "".join(f".SS {roff(title)}\n{''.join(map(entry_of_option, group))}" for title, group in groups)


def known_words(words: tuple[str, ...]) -> str:
    """The possible values, if the list is short; the rules have a command of their own."""
    return f".br\n{roff(', '.join(words))}\n" if 0 < len(words) <= MOST_WORDS else ""


MOST_WORDS = 30


def entry(word: str, text: str) -> str:
    """A word and what it means."""
    return f".TP\n.B {roff(word)}\n{roff(text)}\n"


def see_also(command: Command, typed: Grammar) -> str:
    """The other pages."""
    others = [other for other in (typed.top, *typed.commands) if other.name != command.name]
    return ",\n".join(f".BR {roff(page_name(other))} (1)" for other in others) + "\n"


def roff(text: str) -> str:
    """The text as roff reads it: its own characters escaped, hyphens as they are typed, spaces kept in a macro's argument."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("\n", "\n.br\n")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped


def orphans(made: dict[Path, str]) -> Iterator[Path]:
    """Pages of commands that no longer exist."""
    return (file for file in MAN.rglob("*.1") if file.relative_to(MAN) not in made)


def main() -> None:
    """Write all pages."""
    made = pages()
    for file in orphans(made):
        file.unlink()
    for path, text in made.items():
        (MAN / path).parent.mkdir(parents=True, exist_ok=True)
        (MAN / path).write_text(text, encoding="utf-8")
    sys.stderr.write(f"{len(made)} pages\n")


if __name__ == "__main__":
    main()
