"""What the one-file kkplan runs: a command, or one of kkplan's own programs in a machine of a rehearsal."""

import atexit
import os
import sys

from kkplan.lab.program import run_if_asked


def use_systems_libraries() -> None:
    """Let programs that kkplan calls find theirs: PyInstaller has its own folder searched first."""
    os.environ.pop("LD_LIBRARY_PATH", None)
    if "LD_LIBRARY_PATH_ORIG" in os.environ:
        os.environ["LD_LIBRARY_PATH"] = os.environ.pop("LD_LIBRARY_PATH_ORIG")


def state_and_parent(process: int) -> tuple[str, int]:
    """The state of a process, a letter as in proc(5), and its parent; X and 0 where there is none."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123 - few imports
            state, parent = file.read().rpartition(")")[2].split()[:2]
    except OSError:
        return "X", 0
    return state, int(parent)


def clean_up_at_exit() -> None:
    """Remove what staticx unpacked if staticx is gone by then: SIGHUP, as of a terminal that is closed, ends it at once."""
    # PyInstaller's loader is between staticx and this process.
    _, staticx = state_and_parent(os.getppid())
    folder = os.environ["STATICX_BUNDLE_DIR"]

    def clean_up() -> None:
        if state_and_parent(staticx)[0] in "ZX":  # a zombie cleans up nothing
            import shutil

            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clean_up)


use_systems_libraries()
run_if_asked(sys.argv[1:])
clean_up_at_exit()
# The file that was called; by itself, Python knows only what staticx unpacked of it.
sys.argv[0] = os.environ["STATICX_PROG_PATH"]

from kkplan.cli.main import main  # noqa: E402 - a program needs nothing of it

main()
