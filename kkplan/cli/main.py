"""The entry point: choose the language, run a command, and turn the outcome into an exit code."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType
from typing import NoReturn

from kkplan import __version__
from kkplan.cli.console import (
    emit,
    flush_streams,
    open_closed_streams,
    report_if_read,
    say_error,
    silence_stdout,
)
from kkplan.disk import system_error
from kkplan.errors import EXIT_FAILED, EXIT_INTERRUPTED, Interrupted, KkplanError
from kkplan.locale import T, language_named, named, preferred_language, use_language

# New objects before a collection. Loading the modules makes tens of thousands that stay; collecting them wastes time.
_COLLECT_AFTER = 100_000


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run kkplan with these arguments (those of the process where none are given) and exit."""
    sys.exit(run(list(sys.argv[1:] if argv is None else argv)))


def run(arguments: list[str]) -> int:
    """Run kkplan with these arguments; returns the exit code."""
    _obey_signals()
    gc.set_threshold(_COLLECT_AFTER)
    open_closed_streams()
    try:
        code = _answered(arguments)
    except (MemoryError, RecursionError) as error:
        exhausted = _EXHAUSTED[type(error)]
    else:
        return flush_streams(code)
    # Only here, with the error and all that it holds released, is there memory for a message.
    say_error(KkplanError(exhausted))
    return flush_streams(EXIT_FAILED)


_EXHAUSTED = {
    MemoryError: T("not enough memory. Check why the input is so large"),
    RecursionError: T("nested too deeply. Check the brackets and the indentation"),
}


def _answered(arguments: list[str]) -> int:
    """Run the command and report errors; returns the exit code."""
    try:
        return _called(arguments)
    except KkplanError as error:
        say_error(error, _command_in(arguments))
        return error.exit_code
    except BrokenPipeError:
        silence_stdout()
        return 128 + signal.SIGPIPE
    except (KeyboardInterrupt, EOFError):
        say_error(Interrupted(T("interrupted")))
        return EXIT_INTERRUPTED
    except OSError as error:
        # An error of the system for which the command has no message of its own.
        say_error(system_error(error))
        return EXIT_FAILED
    except UnicodeEncodeError:
        say_error(KkplanError(T("a file name is not UTF-8. Rename the file or folder, or type the name in UTF-8")))
        return EXIT_FAILED
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        from kkplan.cli.app import usage_error_of

        usage_error = usage_error_of(error)
        if usage_error is not None:
            say_error(usage_error, _command_in(arguments))
            return usage_error.exit_code
        if os.environ.get("KKPLAN_DEBUG"):
            report_if_read(_trace(error))
        say_error(_internal_error(error))
        return EXIT_FAILED


def _called(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        # Scripts ask for this often, and it needs no command.
        emit(f"kkplan {__version__}\n")
        return 0
    use_language(_wanted_language(arguments))
    from kkplan.cli.quick import quick_call

    call = quick_call(arguments) or _typer_call(arguments)
    code = call()
    sys.stdout.flush()  # a broken pipe is noticed here
    return code if isinstance(code, int) else 0


def _typer_call(arguments: list[str]) -> Callable[[], object]:
    from kkplan.cli.app import build_app

    # Not standalone: then typer returns the command's exit code.
    return partial(build_app(arguments), args=arguments, prog_name="kkplan", standalone_mode=False)


def _wanted_language(arguments: list[str]) -> str:
    """The language of `--lang`, which the help needs before the arguments are parsed, else the locale's."""
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            language = language_named(value or next(iter(arguments[position + 1 :]), ""))
            if language is not None:
                return language
    return preferred_language(os.environ)


def _command_in(arguments: list[str]) -> str:
    """The command that the command line names; "" if it names none."""
    from kkplan.cli.commands import HELP

    words = iter(arguments)
    for word in words:
        if word == "--lang":
            next(words, "")
        elif not word.startswith("-"):
            return word if word in HELP else ""
    return ""


def _internal_error(error: Exception) -> KkplanError:
    """A bug, by its kind and place only: its message could quote the config."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename} line {frame.tb_lineno}" if frame is not None else "?"
    return KkplanError(
        T(
            "this is a bug in kkplan ({kind} at {place}). Please report it; KKPLAN_DEBUG=1 shows the whole trace, "
            "without any text of your config",
            kind=type(error).__name__,
            place=named(place),
        )
    )


def _trace(error: BaseException) -> str:
    """The traceback of a bug and its causes, without the messages, which could quote the config."""
    from traceback import format_tb  # rarely needed

    ways: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        ways.insert(0, "".join((*format_tb(cause.__traceback__), f"{type(cause).__name__}\n")))
        cause = cause.__cause__ or cause.__context__
    return "\n".join(ways)


def _obey_signals() -> None:
    """Clean up and exit on SIGTERM and SIGHUP, unless the caller ignores them, as nohup(1) does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    """Exit as after an error, so that nothing half-written is left."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
