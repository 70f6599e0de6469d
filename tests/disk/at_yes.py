"""kkplan, held at the moment of the yes: `python -m tests.disk.at_yes READ WRITE apply CONFIG …`.

For each line read from the descriptor READ it forks: the child is kkplan going on from there, the whole way to its exit.
So hundreds of ways to die cost hundreds of writes, not hundreds of starts. The line names the child's output; once
its process number was told, a second line lets it go on, so that strace can take hold of it first.
"""

from __future__ import annotations

import ctypes
import os
import select
import sys
from typing import Any

import kkplan.cli.apply as command
from kkplan.cli import app, prompts
from kkplan.cli.main import run

assert app
assert prompts
reading, writing = os.fdopen(int(sys.argv[1])), os.fdopen(int(sys.argv[2]), "w")
go_on = command.write
PR_SET_PTRACER = 0x59616D61  # prctl(2), for where Yama keeps strangers away


def fork_for_each_request(*arguments: Any) -> None:
    for line in reading:
        gate, opener = os.pipe()
        child = os.fork()
        if child == 0:
            ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)  # strace is no parent of it
            select.select([gate], [], [])  # a call that nothing else makes: strace counts none of it
            for number in (1, 2):
                os.dup2(os.open(line.strip(), os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
            go_on(*arguments)
            return
        print(child, file=writing, flush=True)
        reading.readline()
        os.write(opener, b".")
        os.close(opener)
        os.close(gate)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=writing, flush=True)
    os._exit(0)


vars(command)["write"] = fork_for_each_request
code = run(sys.argv[3:])
sys.stdout.flush()
os._exit(code)  # tearing the interpreter down takes longer than all of the writing
