"""One kkplan at a time writes in a folder: flock(2) on the folder itself, which leaves no lock file behind."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from kkplan.disk import DiskError
from kkplan.locale import T

WAIT_SECONDS = 20
_POLL_SECONDS = 0.02


@contextmanager
def locked(folders: set[Path], stop: Callable[[], None]) -> Iterator[bool]:
    """Keep other kkplans from writing in these folders; yields whether all could be locked (some network folders cannot).

    Args:
        stop: raises when the user has interrupted the waiting.

    Raises:
        DiskError: another kkplan does not finish.
    """
    with ExitStack() as stack:
        # Sorted, so that two of them never wait for each other.
        done = [_lock(folder, stack, stop) for folder in sorted(folders)]
        yield all(done)


def _lock(folder: Path, stack: ExitStack, stop: Callable[[], None]) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    stack.callback(_close, descriptor)
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            stop()
            if time.monotonic() > deadline:
                raise DiskError(
                    T(
                        "another kkplan has been writing here for {seconds} s; nothing was changed. "
                        "Wait for its end, then run it again",
                        seconds=WAIT_SECONDS,
                    ),
                    file=str(folder),
                ) from None
            time.sleep(_POLL_SECONDS)
        except OSError:
            return False


def _close(descriptor: int) -> None:
    with suppress(OSError):
        os.close(descriptor)
