"""What the tests of installers add to kkplan's lab: machines that may write, and a client that measures outages."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from kkplan.cluster.backend import Backend
from kkplan.lab.machine import Machine as LabMachine
from kkplan.lab.machine import MachineFiles
from kkplan.lab.pair_lab import ApiServer, make_certificate
from kkplan.lab.switch import Switch
from kkplan.plan.artifact import Artifact

AnyMachine = TypeVar("AnyMachine", bound=LabMachine)

# This module as a program, wherever it is started.
_SELF = f"env PYTHONPATH={Path(__file__).parents[1]} {sys.executable} -m tests.lb_programs"


def reason_to_skip(*programs: str) -> str:
    """Why tests with machines cannot run here; "" when they can. The programs are what the test needs besides."""
    if not sys.platform.startswith("linux"):
        return "needs Linux: network namespaces"
    if os.geteuid() != 0:
        return "needs root: network and mount namespaces"
    missing = [program for program in ("ip", "unshare", "nsenter", "bash", *programs) if shutil.which(program) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    trial = subprocess.run(
        [
            "unshare",
            "--net",
            "--pid",
            "--fork",
            "--mount",
            "--mount-proc",
            "ip",
            "link",
            "add",
            "name",
            "cable",
            "type",
            "veth",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return f"the kernel refuses namespaces or veth: {trial.stderr.strip()}" if trial.returncode else ""


# Reads a command a line.
_SHELL = r"""while IFS= read -r line; do eval "$line" </dev/null 2>&1; printf '\n\001%d\n' $?; done"""


class Machine(LabMachine):
    """A machine that may write to the host's files: what it writes is its own folder, or one that the test gave it.

    `run` and `do` take lines of shell, and one shell reads them all: a test's words are its own.
    """

    files_seen = MachineFiles.HOST

    def __init__(self) -> None:
        self._shell: subprocess.Popen[str] | None = None
        super().__init__()
        self._shell = self.spawn(["bash", "-c", _SHELL])

    def close(self) -> None:
        super().close()
        if self._shell is not None:
            self._shell.communicate()
            self._shell = None

    def run(self, *arguments: str, log: str = "") -> tuple[int, str]:
        if self._shell is None:
            return super().run(*arguments, log=log)
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(" ".join(arguments) + "\n")
        self._shell.stdin.flush()
        written: list[str] = []
        for line in self._shell.stdout:
            if line.startswith("\1"):
                return int(line[1:]), "".join(written).removesuffix("\n")
            written.append(line)
        raise AssertionError(f"the machine ended during: {arguments}")


class Lab:
    """Stand-ins for API servers, and a client, on one switch.

    Attributes:
        control_planes: the machines behind them.
        client: where requests come from.
    """

    def __init__(self, stack: ExitStack, switch: Switch) -> None:
        self._stack = stack
        self.switch = switch
        self.control_planes: list[ApiServer] = []
        self.client = self._machine(Machine())

    def _machine(self, machine: AnyMachine) -> AnyMachine:
        self._stack.enter_context(machine)
        return machine

    def add_client(self, address: str) -> None:
        """Plug the client in."""
        self.switch.plug(self.client, (address,))

    def add_control_plane(self, backend: Backend, prefix: int) -> None:
        """Plug in a machine that answers TLS requests as an API server does; it listens when this returns."""
        machine = self._machine(ApiServer(backend, make_certificate([backend.address])))
        self.switch.plug(machine, (f"{backend.address}/{prefix}",))
        machine.start()
        self.control_planes.append(machine)

    def request_succeeds(self, host: str, port: int) -> bool:
        """Whether one new TLS connection of the client gets its answer within a second."""
        return self.client.run(f"{_SELF} poll {host} {port} --seconds 0")[0] == 0


@contextmanager
def lab() -> Iterator[Lab]:
    """A lab with its switch and client; everything in it ends with the context."""
    with ExitStack() as stack:
        yield Lab(stack, stack.enter_context(Switch()))


def write_bundle(artifacts: Iterable[Artifact], folder: Path) -> None:
    """Write the files as the command does, byte for byte."""
    for artifact in artifacts:
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content.encode())
        path.chmod(artifact.mode)


async def _request(host: str, port: int, context: ssl.SSLContext) -> bool:
    """One new TLS connection, one request; a second for all of it."""

    async def exchange() -> bool:
        reader, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname="kube-apiserver")
        try:
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: kube-apiserver\r\n\r\n")
            return b" 200 " in await reader.readline()
        finally:
            writer.transport.abort()

    try:
        return await asyncio.wait_for(exchange(), 1)
    except (OSError, asyncio.TimeoutError):
        return False


async def _poll(host: str, port: int, seconds: float, interval: float = 0.05) -> dict[str, float]:
    """Start a request every so many seconds, whatever the earlier ones do; the longest time between two answers."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    answered = [time.monotonic()]
    failed = 0

    async def one() -> None:
        nonlocal failed
        if await _request(host, port, context):
            answered.append(time.monotonic())
        else:
            failed += 1

    start = time.monotonic()
    tasks = []
    while True:
        tasks.append(asyncio.create_task(one()))
        remaining = start + len(tasks) * interval - time.monotonic()
        if start + seconds <= time.monotonic() + remaining:
            break
        await asyncio.sleep(max(0.0, remaining))
    await asyncio.gather(*tasks)
    answered.append(time.monotonic())
    longest = max(later - earlier for earlier, later in pairwise(answered))
    return {"requests": len(tasks), "failed": failed, "longest_outage": round(longest, 3)}


def _main() -> int:
    parser = argparse.ArgumentParser(description="A client that measures outages.")
    commands = parser.add_subparsers(dest="command", required=True)
    poll = commands.add_parser("poll")
    poll.add_argument("host")
    poll.add_argument("port", type=int)
    poll.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()
    result = asyncio.run(_poll(arguments.host, arguments.port, arguments.seconds))
    print(json.dumps(result))
    return 1 if result["failed"] else 0


if __name__ == "__main__":
    sys.exit(_main())
