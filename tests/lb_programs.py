"""Machines to try HAProxy and Keepalived on: processes in namespaces of their own, joined by virtual cables.

A machine is a shell that is process 1 of its PID namespace, in its own network and mount namespaces. The namespaces
have no names, so the kernel removes them, their mounts, network devices and processes when the shell ends; and the
shell ends when its standard input closes. A test that is killed leaves nothing behind, and tests may run at the same
time. Needs root.
"""

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
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from kkplan.cluster.backend import Backend
from kkplan.plan.artifact import Artifact

Self = TypeVar("Self", bound="Machine")
AnyMachine = TypeVar("AnyMachine", bound="Machine")

# Reads a command a line. As process 1 it also reaps what the daemons leave: a zombie still counts as a process.
_SHELL = """
mount -t tmpfs tmpfs /run
ip link set lo up
echo ready
while IFS= read -r line; do eval "$line" </dev/null 2>&1; printf '\\n\\001%d\\n' $?; done
"""


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


class Machine:
    """A machine of its own: network, processes and mounts; the files are the host's until something is mounted."""

    def __init__(self) -> None:
        self._shell = subprocess.Popen(
            ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "bash", "-c", _SHELL],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._shell.stdout is not None
        if self._shell.stdout.readline() != "ready\n":
            self.close()
            raise RuntimeError("the machine does not start")
        children = Path(f"/proc/{self._shell.pid}/task/{self._shell.pid}/children").read_text(encoding="ascii")
        self.pid = int(children.split()[0])

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every process of the machine; its namespaces go with them."""
        if self._shell.stdin is not None:
            self._shell.stdin.close()
        self._shell.kill()
        self._shell.wait()
        if self._shell.stdout is not None:
            self._shell.stdout.close()

    def run(self, command: str) -> tuple[int, str]:
        """Run a line of shell; its exit status, and what it wrote to either output."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        assert "\n" not in command
        self._shell.stdin.write(command + "\n")
        self._shell.stdin.flush()
        written: list[str] = []
        for line in self._shell.stdout:
            if line.startswith("\001"):
                return int(line[1:]), "".join(written)[:-1]
            written.append(line)
        raise RuntimeError(f"the machine ended during: {command}\n{''.join(written)}")

    def do(self, command: str) -> str:
        """Run a line of shell that has to succeed; what it wrote."""
        status, output = self.run(command)
        assert status == 0, f"{command}: exit status {status}\n{output}"
        return output

    def command(self, *arguments: str) -> list[str]:
        """The command that runs these arguments in the machine from outside, for a process with pipes of its own."""
        return ["nsenter", "--target", str(self.pid), "--all", *arguments]


class Switch(Machine):
    """An Ethernet switch that machines are plugged into."""

    def __init__(self) -> None:
        super().__init__()
        self.do("ip link add bridge type bridge forward_delay 0 && ip link set bridge up")

    def plug(self, machine: Machine, address: str, nic: str = "eth0") -> None:
        """Give the machine a NIC with that address, written with its prefix."""
        port = self.port(machine)
        cable = ["name", port, "type", "veth", "peer", "name", nic, "netns", str(machine.pid)]
        # From outside the switch's PID namespace, where the machine's process id means something.
        subprocess.run(["nsenter", "--target", str(self.pid), "--net", "ip", "link", "add", *cable], check=True)
        self.do(f"ip link set {port} master bridge up")
        nodad = " nodad" if ":" in address else ""
        machine.do(f"ip link set {nic} up && ip addr add {address} dev {nic}{nodad}")

    def port(self, machine: Machine) -> str:
        """The name of the switch's port that the machine is plugged into."""
        return f"port{machine.pid}"


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    """Whether it happens within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.05)
    return happened()


class Lab:
    """Stand-ins for API servers, and a client, on one switch.

    Attributes:
        control_planes: the machines behind them.
        client: where requests come from.
    """

    def __init__(self, stack: ExitStack, switch: Switch, folder: Path) -> None:
        self._stack = stack
        self._folder = folder
        self.switch = switch
        self.control_planes: list[Machine] = []
        self.client = self._machine(Machine())

    def _machine(self, machine: AnyMachine) -> AnyMachine:
        self._stack.enter_context(machine)
        return machine

    def add_client(self, address: str) -> None:
        """Plug the client in."""
        self.switch.plug(self.client, address)

    def add_control_plane(self, backend: Backend, prefix: int) -> None:
        """Plug in a machine that answers TLS requests as an API server does; it listens when this returns."""
        machine = self._machine(Machine())
        self.switch.plug(machine, f"{backend.address}/{prefix}")
        certificate = self._certificate()
        machine.do(f"{_SELF} serve {certificate} {backend.port} >/dev/null 2>&1 &")
        assert wait_until(lambda: machine.run(f": </dev/tcp/{backend.address}/{backend.port}")[0] == 0, 10)
        self.control_planes.append(machine)

    def _certificate(self) -> Path:
        path = self._folder / "api-server.pem"
        if not path.exists():
            command = (
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=kube-apiserver"
            )
            subprocess.run([*command.split(), "-keyout", path, "-out", path], check=True, capture_output=True)
        return path

    def request_succeeds(self, host: str, port: int) -> bool:
        """Whether one new TLS connection of the client gets its answer within a second."""
        return self.client.run(f"{_SELF} poll {host} {port} --seconds 0")[0] == 0


@contextmanager
def lab(folder: Path) -> Iterator[Lab]:
    """A lab with its switch and client; everything in it ends with the context."""
    with ExitStack() as stack:
        yield Lab(stack, stack.enter_context(Switch()), folder)


def write_bundle(artifacts: Iterable[Artifact], folder: Path) -> None:
    """Write the files as the command does, byte for byte."""
    for artifact in artifacts:
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content.encode())
        path.chmod(artifact.mode)


async def _serve(certificate: str, port: int) -> None:
    """Answer every request of a TLS connection with 200, as kube-apiserver's /readyz does."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, ["0.0.0.0", "::"], port, ssl=context)
    await server.serve_forever()


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
    parser = argparse.ArgumentParser(description="An API server's stand-in, and a client that measures outages.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve")
    serve.add_argument("certificate")
    serve.add_argument("port", type=int)
    poll = commands.add_parser("poll")
    poll.add_argument("host")
    poll.add_argument("port", type=int)
    poll.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()
    if arguments.command == "serve":
        asyncio.run(_serve(arguments.certificate, arguments.port))
        return 0
    result = asyncio.run(_poll(arguments.host, arguments.port, arguments.seconds))
    print(json.dumps(result))
    return 1 if result["failed"] else 0


if __name__ == "__main__":
    sys.exit(_main())
