"""Completion scripts: one file per shell. The scripts are complete, because starting Python at each Tab would be too slow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kkplan.render.completion.grammar import Grammar

# Where Linux lists this machine's NICs (https://docs.kernel.org/admin-guide/abi-testing.html, sysfs-class-net).
NICS = "/sys/class/net"


@dataclass(frozen=True)
class CompletionFormat:
    """A shell.

    Attributes:
        name: as `kkplan completion` takes it.
        script: the script for the shell.
    """

    name: str
    script: Callable[[Grammar], str]


def quoted(text: str) -> str:
    """The text in single quotes, for bash and zsh."""
    return "'" + text.replace("'", "'\\''") + "'"
