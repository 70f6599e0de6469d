"""A program in a pseudo-terminal, and what its screen shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pexpect
import pyte

QUIET = 1.0  # seconds without output after which a prompt is complete
PATIENCE = 120.0


class Screen(pyte.Screen):
    """A screen that knows faint text and answers when it is asked where its cursor is.

    pyte drops the faint attribute; here `blink`, which kkplan never writes, carries it.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.answers: list[str] = []
        super().__init__(columns, rows)

    def write_process_input(self, data: str) -> None:
        """Keep an answer for the program."""
        self.answers.append(data)

    def select_graphic_rendition(self, *attributes: int, **options: bool) -> None:
        """Colours and weights, as `ESC [ … m` sets them."""
        carried = {2: 5, 22: 25}
        super().select_graphic_rendition(*(carried.get(code, code) for code in attributes), **options)


class Terminal:
    """A program at work in a terminal.

    Attributes:
        screen: what the terminal shows.
        output: all that the program has written.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, environ: Mapping[str, str], columns: int, rows: int
    ) -> None:
        self.screen = Screen(columns, rows)
        self.output = ""
        self._stream = pyte.Stream(self.screen)
        self._child = pexpect.spawn(
            command[0],
            list(command[1:]),
            cwd=str(folder),
            env=dict(environ),
            encoding="utf-8",
            dimensions=(rows, columns),
            timeout=PATIENCE,
        )

    def shows(self, text: str) -> None:
        """Put text of our own on the screen, such as a shell's prompt."""
        self._stream.feed(text)

    def runs_to_its_end(self) -> int:
        """Read until the program ends, and return its exit code."""
        while not self._child.closed:
            try:
                self._reads(PATIENCE)
            except pexpect.EOF:
                self._child.close()
        return int(self._child.exitstatus or 0)

    def waits_for_an_answer(self) -> None:
        """Read until the program asks something: it takes keys one by one, and writes nothing for a while.

        Raises:
            pexpect.EOF: the program has ended.
            pexpect.TIMEOUT: it asks nothing.
        """
        patience = PATIENCE
        while True:
            try:
                self._reads(patience)
            except pexpect.TIMEOUT:
                if patience == PATIENCE:
                    raise
                if not self._child.getecho():
                    return
            patience = PATIENCE if self._child.getecho() else QUIET

    def types(self, text: str) -> None:
        """Send keys, and wait for what comes of them."""
        self._child.send(text)
        self.waits_for_an_answer()

    def is_left(self) -> None:
        """End the program as a closed window does."""
        self._child.close(force=True)

    def _reads(self, patience: float) -> None:
        text = self._child.read_nonblocking(65536, timeout=patience)
        self.output += text
        self._stream.feed(text)
        while self.screen.answers:
            self._child.send(self.screen.answers.pop(0))
