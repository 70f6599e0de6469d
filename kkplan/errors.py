"""The errors, as one tree: each has a message, a place in a file and an exit code."""

from __future__ import annotations

from kkplan.locale import Text

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_CHANGES_PENDING = 2
EXIT_USAGE = 64  # EX_USAGE of sysexits.h, so that it cannot be taken for "changes pending"
EXIT_INTERRUPTED = 130  # 128 + SIGINT


class KkplanError(Exception):
    """An error that the user can fix. Never holds a secret.

    Args:
        message: what is wrong and what to do about it.
        file: the file it is about, as the user named it; "" if it is about none.
        line: the line in that file, from 1; 0 if it is about the whole file.
    """

    exit_code = EXIT_FAILED

    def __init__(self, message: Text, *, file: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line

    @property
    def place(self) -> str:
        """The file and the line, as a prefix of the message; "" if it has none."""
        return f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""

    def __str__(self) -> str:
        return f"{self.place}{self.message}"


class UsageError(KkplanError):
    """The command line is wrong: an option that does not fit, or one that is missing."""

    exit_code = EXIT_USAGE


class Interrupted(KkplanError):  # noqa: N818 - it is not an error of anyone
    """The user pressed Ctrl-C or Ctrl-D, or a signal ended the run."""

    exit_code = EXIT_INTERRUPTED
