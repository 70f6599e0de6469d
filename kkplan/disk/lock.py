"""Only one kkplan at a time writes in a folder: flock(2) on the folder itself, which leaves no lock file.

Any user who can read a folder can lock it, so only locks of trusted users count.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from kkplan.disk import DiskError, opened_folder
from kkplan.locale import T

WAIT_SECONDS = 20
_POLL_SECONDS = 0.02
_STRANGERS_POLLS = 50  # a lock that is just being released has no holder either
_LOCKS = Path("/proc/locks")


@contextmanager
def locked(folders: set[Path], owners: frozenset[int], stop: Callable[[], None]) -> Iterator[bool]:
    """Keep other kkplans from writing in these folders; yields whether all could be locked (some network folders cannot).

    Args:
        owners: the UIDs of those whose locks count; others are ignored.
        stop: raises when the user has interrupted the waiting.

    Raises:
        DiskError: another kkplan does not finish.
    """
    with ExitStack() as stack:
        # Sorted, so that two kkplans never wait for each other.
        done = [_lock(folder, owners, stack, stop) for folder in sorted(folders)]
        yield all(done)


def _lock(folder: Path, owners: frozenset[int], stack: ExitStack, stop: Callable[[], None]) -> bool:
    strangers = 0  # how often no holder was seen whose lock counts
    deadline = time.monotonic() + WAIT_SECONDS
    try:
        descriptor = stack.enter_context(opened_folder(folder))
    except OSError:
        return False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            stop()
            strangers = strangers + 1 if owners.isdisjoint(_holders(descriptor)) else 0
            if strangers > _STRANGERS_POLLS:
                return False
            if time.monotonic() > deadline:
                raise DiskError(
                    T("another kkplan has been writing here for {seconds} s", seconds=WAIT_SECONDS),
                    advice=T("Wait until it ends, then run it again"),
                    file=str(folder),
                ) from None
            time.sleep(_POLL_SECONDS)
        except OSError:
            return False


def _holders(descriptor: int) -> Iterator[int]:
    """The real UIDs of those who hold locks on the open folder, as far as they can be seen (proc_locks(5)).

    Not the effective ones, which any user can get from root by a setuid program. Only inode numbers are compared: some file
    systems show another device number there.
    """
    inode = str(os.fstat(descriptor).st_ino)
    for line in _LOCKS.read_text().splitlines():
        words = line.split()
        if words[1] == "FLOCK" and words[5].rpartition(":")[2] == inode:
            with suppress(FileNotFoundError, ProcessLookupError):  # it has ended by now
                status = Path("/proc", words[4], "status").read_text()
                yield int(status.partition("\nUid:")[2].split()[0])
