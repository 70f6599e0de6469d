"""Starts of kkplan for tests that start it thousands of times: a process with its modules loaded forks itself.

Three quarters of a short command are Python's start and the loading of modules. The child is a process as any other: it has
its own arguments, folder, environment and streams, and runs what `python -m kkplan` runs. With KKPLAN_TESTS=start, as in `make
pythons` and `make ranges`, each command is started anew.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
_LONGEST = 100_000  # bytes of a message; the kernel's limit is twice as much
_SECONDS = 60


class Starts:
    """The process that forks, and the line to it. Every child has this environment, and what a command adds to it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.settimeout(_SECONDS)
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.starts", str(other.fileno())],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                pass_fds=(other.fileno(),),
            )

    def run(
        self, arguments: Sequence[str], stdin: bytes, cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the command to its end.

        Raises:
            subprocess.TimeoutExpired: it takes longer than a minute.
        """
        command = [sys.executable, "-m", "kkplan", *arguments]
        message = json.dumps([arguments, str(cwd), dict(environment)]).encode()
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(stdin)
            given.seek(0)
            socket.send_fds(self._line, [message], [file.fileno() for file in (given, out, err)])
            child = int(self._line.recv(_LONGEST))
            try:
                code = int(self._line.recv(_LONGEST))
            except TimeoutError:
                os.kill(child, 9)
                self._line.recv(_LONGEST)
                raise subprocess.TimeoutExpired(command, _SECONDS) from None
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(command, code, out.read(), err.read())

    def end(self) -> None:
        """End the process."""
        self._line.close()
        self._process.wait()


def fits(arguments: Sequence[str]) -> bool:
    """Whether a command can be run so: it is short enough, and nobody wants it started anew."""
    return os.environ.get("KKPLAN_TESTS") != "start" and sum(map(len, arguments)) < _LONGEST // 10


def _load() -> None:
    """Load what commands load."""
    import kkplan.cli.app
    import kkplan.cli.main
    import kkplan.cli.quick  # noqa: F401
    from kkplan.cli.commands import HELP, command_named
    from kkplan.document.parse import libyaml
    from kkplan.rules.catalogue import catalogue

    for name in HELP:
        command_named(name)
    catalogue()
    libyaml()


def _serve(line: socket.socket) -> None:
    """Fork for each message; reply with the child's number, then with its exit code."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(line, _LONGEST, 3)
        if not message:
            return
        child = os.fork()
        if child == 0:
            line.close()
            _become(descriptors, *json.loads(message))
            from kkplan.cli.main import main

            main()
        for descriptor in descriptors:
            os.close(descriptor)
        line.send(str(child).encode())
        _, status = os.waitpid(child, 0)
        line.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(descriptors: Sequence[int], arguments: list[str], cwd: str, environment: dict[str, str]) -> None:
    """Take over what the command has of its own."""
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = open(0, errors="surrogateescape", closefd=False)  # noqa: SIM115 - as Python opens them
    sys.stdout = open(1, "w", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [str(ROOT / "kkplan" / "__main__.py"), *arguments]


if __name__ == "__main__":
    _load()
    _serve(socket.socket(fileno=int(sys.argv[1])))
