"""`kkplan completion`: what a shell needs to complete kkplan's command lines by itself, without starting it."""

from __future__ import annotations

from pathlib import Path

from kkplan.cli.console import emit
from kkplan.errors import UsageError
from kkplan.locale import T, current_language, named

SCRIPTS = Path(__file__).parents[1] / "render" / "completion" / "scripts"


def completion(shell: str, lang: str | None = None) -> None:
    """Print the shell's script, made beforehand by `make completions`: each new shell asks for it, and waits."""
    name = script_name(shell, current_language())
    known = {file.name for file in SCRIPTS.iterdir()}
    if name not in known:
        names = ", ".join(sorted({file.partition(".")[0] for file in known}))
        raise UsageError(T("no completion for {name}. Choose one of: {names}", name=named(shell), names=names))
    emit((SCRIPTS / name).read_text(encoding="utf-8"))


def script_name(shell: str, language: str) -> str:
    """The name of the file with the shell's script in a language."""
    return f"{shell}.{language}"
