"""Hold SIGINT, SIGTERM and SIGHUP while files are written, and handle them between complete steps."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from kkplan.errors import Interrupted
from kkplan.locale import T

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def signals_held(
    interrupted: Interrupted | None = None, when_one_comes: Callable[[], None] = lambda: None
) -> Iterator[Callable[[], None]]:
    """Hold signals; yields a function that raises Interrupted if one has come.

    A signal after the last call of that function is too late: the work is done and is reported as done.

    Args:
        interrupted: the error to raise; by default it says that nothing was written.
        when_one_comes: called when a signal comes, to end a wait.
    """
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)
        when_one_comes()

    def stop() -> None:
        if came:
            error = interrupted or Interrupted(T("interrupted; nothing was written"))
            error.exit_code = 128 + came[0]
            raise error

    # Signals that are ignored, as by nohup(1), stay ignored.
    held = {number: signal.getsignal(number) for number in _SIGNALS}
    held = {number: handler for number, handler in held.items() if handler not in (signal.SIG_IGN, None)}
    for number in held:
        signal.signal(number, note)
    try:
        yield stop
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)
