"""`kkplan completion`: what a shell needs to complete kkplan's command lines by itself, without starting it."""

from __future__ import annotations

from kkplan.cli.console import emit
from kkplan.errors import UsageError
from kkplan.locale import T
from kkplan.render.format import formats

SHELLS = "kkplan.render.completion"


def completion(shell: str, lang: str | None = None) -> None:
    """Print the shell's script."""
    from kkplan.cli.grammar import grammar  # asks every command what it takes

    known = formats(SHELLS)
    if shell not in known:
        names = ", ".join(known)
        raise UsageError(T("no completion for {name}. Choose one of: {names}", name=shell, names=names))
    emit(known[shell].script(grammar()))
