"""kkplan's own programs in machines: modules of this package, each in a process of its own.

The Python that runs kkplan runs them too, with nothing but the standard library and this package. In the one-file kkplan
there is no Python to call: it calls itself, and the first argument says that a program is meant and no command.
"""

from __future__ import annotations

import os
import sys

_MARK = "--lab-program"


def command_of(name: str, *arguments: str) -> list[str]:
    """The command that runs the module of that name in this package, with these arguments."""
    if getattr(sys, "frozen", False):
        return ["env", *_unpacked(), sys.executable, _MARK, name, *arguments]
    return [sys.executable, "-I", "-S", "-X", "utf8", __file__, name, *arguments]


def _unpacked() -> list[str]:
    """The variables by which the one-file kkplan finds what is already unpacked. What it starts otherwise gets no LD_LIBRARY_PATH."""
    known = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("_PYI_")]
    return [f"LD_LIBRARY_PATH={sys._MEIPASS}", *known]  # type: ignore[attr-defined]  # PyInstaller's


def run_if_asked(arguments: list[str]) -> None:
    """Run the program that the one-file kkplan was called with; return where the arguments are those of a command."""
    if arguments[:1] == [_MARK]:
        _run(arguments[1:])
        sys.exit()


def _run(words: list[str]) -> None:
    """Run the module named by the first word."""
    from runpy import run_module

    sys.argv = words
    run_module(f"kkplan.lab.{words[0]}", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    sys.path.insert(0, __file__.rpartition("/kkplan/lab/")[0])
    _run(sys.argv[1:])
