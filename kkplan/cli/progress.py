"""Progress on standard error, in one line that is redrawn each second. A pipe gets nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, RLock, Thread
from types import TracebackType

from kkplan.cli.console import report
from kkplan.locale import T, Text
from kkplan.render.style import ERASE_LINE, cut
from kkplan.visible import on_one_line

PATIENCE = 2.0  # seconds without an answer that nobody minds
_INTERVAL = 1.0  # seconds between two drawings


class ProgressLine:
    """A line of progress, as long as it is entered; it is erased at the end.

    Whatever else writes to the terminal meanwhile does so in `hidden`.

    Args:
        line: the text of the moment.
        after: seconds until it is drawn for the first time.
    """

    def __init__(self, line: Callable[[], Text | str], after: float = PATIENCE) -> None:
        self._line = line
        self._after = after
        self._lock = RLock()
        self._ended = Event()
        self._is_drawn = False
        self._thread = Thread(target=self._redraw_each_second, daemon=True)
        self._is_shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> ProgressLine:
        if self._is_shown:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        with self.hidden():
            self._is_shown = False

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """The line is erased, so that something else can be written."""
        with self._lock:
            if self._is_drawn:
                self._is_drawn = False
                self._write(ERASE_LINE)
            yield

    def _redraw_each_second(self) -> None:
        wait = self._after
        while not self._ended.wait(wait):
            self.redraw()
            wait = _INTERVAL

    def redraw(self) -> None:
        """Draw the line of the moment now."""
        with self._lock:
            if self._is_shown and not self._ended.is_set():
                self._is_drawn = True
                # A terminal cannot erase a line that it has wrapped.
                self._write(ERASE_LINE + cut(on_one_line(str(self._line())), _columns() - 1))

    def _write(self, text: str) -> None:
        try:
            report(text)
        except OSError:  # the terminal is gone; the command itself notices
            self._is_shown = False


def _columns() -> int:
    try:
        return max(2, os.get_terminal_size(sys.stderr.fileno()).columns)
    except OSError:
        return 80


def duration(seconds: float) -> Text:
    """A duration for people, rounded up to five seconds."""
    whole = -int(-seconds // 5) * 5
    if whole < 60:
        return T("{seconds} s", seconds=whole)
    return T("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
