"""The man pages, made of the same declarations as the help: `make man`. In roff's man macros, see groff_man(7)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from kkplan import __version__
from kkplan.cli.grammar import grammar
from kkplan.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from kkplan.locale import LANGUAGES, T, Text, current_language, use_language
from kkplan.render.completion.grammar import Argument, Command, Grammar, Option

MAN = Path(__file__).parents[1] / "docs" / "man"
# Where man(1) looks for a language's pages.
FOLDERS = {"en": Path("man1"), "zh": Path("zh_CN") / "man1"}

EXIT_CODES = (
    (0, T("done, or nothing to do")),
    (EXIT_FAILED, T("failed or refused, or errors were found")),
    (2, T("changes are pending (`plan --detailed-exitcode` only)")),
    (EXIT_USAGE, T("wrong usage")),
    (EXIT_INTERRUPTED, T("interrupted: no file is half-written")),
    (129, T("ended by SIGHUP: the terminal is gone")),
    (141, T("ended by SIGPIPE: nobody reads the output")),
    (143, T("ended by SIGTERM: no file is half-written")),
)
ENVIRONMENT = (
    ("LANGUAGE, LC_ALL, LC_MESSAGES, LANG", T("The language, in this order; --lang wins over them.")),
    ("NO_COLOR", T("Where it is not empty, nothing is coloured.")),
    ("KKPLAN_YAML", T("pure: read YAML with the parser in pure Python only.")),
    ("KKPLAN_DEBUG", T("Where it is not empty, a bug of kkplan shows its whole trace, without a word of the config.")),
)
FILES = (
    ("config-sample.yaml", T("KubeKey's config, which the wizard takes where none is named.")),
    ("kkplan-out/", T("The files that go with the config, beside it.")),
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
    """As man(1) is asked for it: kkplan, kkplan-plan …"""
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
        section(T("OPTIONS"), "".join(map(entry_of_option, command.options))),
        section(T("EXIT STATUS"), "".join(entry(str(code), str(text)) for code, text in EXIT_CODES)),
    ]
    if not command.name:
        sections.append(section(T("ENVIRONMENT"), "".join(entry(word, str(text)) for word, text in ENVIRONMENT)))
        sections.append(section(T("FILES"), "".join(entry(word, str(text)) for word, text in FILES)))
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


def known_words(words: tuple[str, ...]) -> str:
    """What may stand for a value, where it is a short list; the rules have a command of their own."""
    return f".br\n{roff(', '.join(words))}\n" if 0 < len(words) <= MOST_WORDS else ""


MOST_WORDS = 30


def entry(word: str, text: str) -> str:
    """A word and what it means."""
    return f".TP\n.B {roff(word)}\n{roff(text)}\n"


def see_also(command: Command, typed: Grammar) -> str:
    """The other pages."""
    others = [it for it in (typed.top, *typed.commands) if it.name != command.name]
    return ",\n".join(f".BR {roff(page_name(it))} (1)" for it in others) + "\n"


def first_sentence(text: str) -> str:
    """Up to the first full stop, for whatis(1)."""
    for end in (". ", "。"):
        text = text.partition(end)[0]
    return text.rstrip(".")


def roff(text: str) -> str:
    """The text as roff reads it: its own characters escaped, hyphens as they are typed, blanks kept in a macro's argument."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("\n", "\n.br\n")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped


def orphans(made: dict[Path, str]) -> Iterator[Path]:
    """Pages of commands that are no more."""
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
