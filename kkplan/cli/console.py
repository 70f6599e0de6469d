"""Standard output and standard error: exact bytes for a pipe, what the terminal can show for a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from kkplan.errors import EXIT_FAILED, EXIT_USAGE, KkplanError
from kkplan.locale import T, named
from kkplan.render.format import OutputOptions
from kkplan.render.style import BOLD, RED, displayable, painted, wants_colour, wrapped
from kkplan.visible import on_one_line, visible


def open_closed_streams() -> None:
    """Replace streams that the caller has closed: an empty input, an output that cannot be written."""
    # This takes the closed descriptor, so that no file of kkplan's gets its number later.
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY), closefd=False)
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", closefd=False)


def emit(text: str) -> None:
    """Write to standard output."""
    with _write_errors_reported():
        _write(sys.stdout, text)


def emit_bytes(data: bytes) -> None:
    """Write to standard output, byte for byte."""
    with _write_errors_reported():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()


@contextmanager
def _write_errors_reported() -> Iterator[None]:
    """Report a failure to write standard output as a KkplanError; a broken pipe is left to the exit code."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        silence_stdout()
        raise KkplanError(T("cannot write to standard output: {reason}", reason=named(error.strerror))) from None


@contextmanager
def outcome_reported(outcome: Callable[[], str], *, is_needed: bool = False) -> Iterator[None]:
    """Report what was written on standard error if standard output fails.

    Args:
        is_needed: standard output holds a result, so a closed pipe is a failure too.
    """
    try:
        yield
    except (OSError, KkplanError) as error:
        # Standard output is closed or full, but what was written must be reported.
        report_if_read(outcome())
        if is_needed or not isinstance(error, BrokenPipeError):
            raise
        silence_stdout()  # as after `| head`: all work is done


def report_other_names(name: str, count: int) -> None:
    """Report the hard links of a file that was replaced, if it has any."""
    if count:
        names = T(
            "{file} has other names (hard links: {count}); they keep the old contents", file=named(name), count=count
        )
        report_if_read(_note(names))


def report_note(text: object) -> None:
    """Write a note to standard error, after the program's name."""
    report(_note(text))


def _note(text: object) -> str:
    return wrapped(f"kkplan: {text}\n", _columns(sys.stderr))


def report(text: str) -> None:
    """Write to standard error: messages that are not a result of the command."""
    _write(sys.stderr, text)


def _write(stream: TextIO, text: str) -> None:
    stream.flush()
    # A pipe gets UTF-8 whatever the locale: the diff has to be that of the file.
    encoding = stream.encoding if stream.isatty() else "utf-8"
    stream.buffer.write(displayable(text).encode(encoding or "utf-8", "replace"))
    stream.flush()


def flush_streams(code: int) -> int:
    """The exit code, once nothing is left in the buffers that the interpreter could fail to write when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        silence_stdout()
        code = code or EXIT_FAILED
    try:
        sys.stderr.flush()
    except OSError:
        _silence(sys.stderr)
    return code


def silence_stdout() -> None:
    """Discard further output: its reader is gone, and the interpreter flushes once more at exit."""
    _silence(sys.stdout)


def report_if_read(text: str) -> None:
    """Write to standard error, unless it is closed."""
    try:
        report(text)
    except OSError:
        _silence(sys.stderr)


def _silence(stream: TextIO) -> None:
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def say_error(error: KkplanError, command: str = "") -> None:
    """Report what went wrong on standard error.

    Args:
        command: the command whose help explains a usage error; kkplan itself by default.
    """
    text = error_text(error)
    if not text:
        return
    label = painted(str(T("kkplan: error: ")), RED, BOLD, colour=wants_colour(sys.stderr))
    report_if_read(wrapped(f"{label}{text}\n", _columns(sys.stderr)))
    if error.exit_code == EXIT_USAGE:
        help_command = " ".join(["kkplan", *command.split(), "--help"])
        report_if_read(f"{T('For help, run: {command}', command=named(help_command))}\n")


def _columns(stream: TextIO) -> int:
    """The columns of a terminal; 0 for what is none, which has no limit."""
    return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0


def error_text(error: KkplanError) -> str:
    """What went wrong, with its place, as a terminal can show it."""
    return on_one_line(error.place) + visible(str(error.message))


def is_interactive() -> bool:
    """Whether standard input and standard output are terminals."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def terminal_options(*, full: bool = False) -> OutputOptions:
    """What standard output allows: colours and a width in a terminal, plain text in a pipe.

    Args:
        full: whether the contents of new files are wanted.
    """
    if not sys.stdout.isatty():
        return OutputOptions(wants_colour(sys.stdout), full)
    from shutil import get_terminal_size  # loads compressors too, which a pipe does not need

    return OutputOptions(wants_colour(sys.stdout), full, terminal=True, width=get_terminal_size().columns)
