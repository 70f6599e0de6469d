"""What the one-file kkplan runs: a command, or one of kkplan's own programs in a machine of a rehearsal."""

import os
import sys

from kkplan.lab.program import run_if_asked

# PyInstaller has libraries looked for in its own folder first: not those of the programs that kkplan calls.
os.environ.pop("LD_LIBRARY_PATH", None)
if "LD_LIBRARY_PATH_ORIG" in os.environ:
    os.environ["LD_LIBRARY_PATH"] = os.environ.pop("LD_LIBRARY_PATH_ORIG")
# The file that was called; by itself, Python knows only what staticx unpacked of it.
sys.argv[0] = os.environ.get("STATICX_PROG_PATH", sys.argv[0])
run_if_asked(sys.argv[1:])

from kkplan.cli.main import main  # noqa: E402 - a program needs nothing of it

main()
