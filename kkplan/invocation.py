"""How kkplan was called, for commands that can be copied as they are."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from shlex import quote

# What sudo searches (secure_path): no virtual environment and no home folder.
_SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


def own_command() -> str:
    """kkplan's name for the user's shell: with its path where no folder of PATH has it."""
    called = Path(sys.argv[0])
    if not called.name.startswith("kkplan"):
        return "kkplan"
    on_path = str(called.parent) in os.environ.get("PATH", "").split(os.pathsep)
    return quote(called.name if on_path else sys.argv[0])


def sudo_command() -> str:
    """kkplan's name for root's shell by sudo."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{quote(sys.executable)} -m kkplan"
    is_own = called.name.startswith("kkplan") and str(called.parent) not in _SYSTEM_FOLDERS
    return quote(str(called.absolute())) if is_own else "kkplan"


def as_root(arguments: str) -> str:
    """The command with these arguments, by sudo unless this process is root's."""
    is_root = not hasattr(os, "geteuid") or os.geteuid() == 0
    return f"{own_command()} {arguments}" if is_root else f"sudo {sudo_command()} {arguments}"
