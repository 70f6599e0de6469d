"""Paths in commands that a person copies into a shell."""

from __future__ import annotations


def shell_path(path: str) -> str:
    """The path as one word of a shell, and of no program an option."""
    from shlex import quote  # few plans need it

    return quote(f"./{path}" if path.startswith("-") else path)
