"""Write the shells' completion scripts, which `kkplan completion` prints as they are. `make completions`.

To make one takes fifteen times as long as Python takes to start: too long for a line that each new shell runs.
"""

from __future__ import annotations

from kkplan.cli.completion import SCRIPTS, script_name
from kkplan.locale import LANGUAGES, use_language
from tools.command_grammar import grammar
from tools.completion import bash, fish, zsh

SHELLS = {"bash": bash.script, "fish": fish.script, "zsh": zsh.script}


def scripts() -> dict[str, str]:
    """The text of each by its file's name."""
    made: dict[str, str] = {}
    for language in LANGUAGES:
        use_language(language)
        typed = grammar()
        made |= {script_name(shell, language): script(typed) for shell, script in SHELLS.items()}
    use_language("en")
    return made


def main() -> None:
    """Write all, and remove what is no more."""
    made = scripts()
    SCRIPTS.mkdir(exist_ok=True)
    for old in SCRIPTS.iterdir():
        old.unlink()
    for name, text in made.items():
        (SCRIPTS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
