"""What has a name that outlives its processes, a folder or a control group, is removed however the program ends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from kkplan.lab.machine import minimal_environment

# Waits for the end of its input, which comes with the end of the program; then for the end of the group's processes.
_PROGRAM = """
import os, sys, time
sys.stdin.read()
for _ in range(2400):  # two minutes: on a busy machine its processes take long to end
    for folder, _, files in os.walk(sys.argv[1], topdown=False):
        for remove, names in ((os.unlink, [os.path.join(folder, name) for name in files]), (os.rmdir, [folder])):
            for name in names:
                try:
                    remove(name)
                except OSError:
                    pass
    if not os.path.exists(sys.argv[1]):
        break
    time.sleep(0.05)
"""


class Janitor:
    """A process that removes a folder when this program closes it, or ends in whatever way.

    Args:
        within: the command that it is run by, for a folder that only others see.
    """

    def __init__(self, folder: str, within: Sequence[str] = ()) -> None:
        self._process = subprocess.Popen(
            [*within, sys.executable, "-I", "-S", "-c", _PROGRAM, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=minimal_environment(),
            start_new_session=True,
        )

    def close(self) -> None:
        """Have it removed; it is gone when this returns."""
        self._process.communicate()
