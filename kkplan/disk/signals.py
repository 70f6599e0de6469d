"""Ctrl-C and a polite kill are put off while files are written, and obeyed where nothing is half done."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from kkplan.errors import Interrupted
from kkplan.locale import T

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def signals_held() -> Iterator[Callable[[], None]]:
    """Note signals instead of obeying them; yields a function that raises Interrupted when one has come.

    One that comes after the last such question came too late: the work is done and is told as done.
    """
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)

    def stop() -> None:
        if came:
            interrupted = Interrupted(T("interrupted; nothing was written"))
            interrupted.exit_code = 128 + came[0]
            raise interrupted

    # One that is ignored, as nohup(1) does, stays so.
    held = {number: signal.getsignal(number) for number in _SIGNALS}
    held = {number: handler for number, handler in held.items() if handler not in (signal.SIG_IGN, None)}
    for number in held:
        signal.signal(number, note)
    try:
        yield stop
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)
