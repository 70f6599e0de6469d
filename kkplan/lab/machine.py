"""A machine: processes in their own network, PID, mount, UTS and IPC namespaces.

The namespaces have no names, so the kernel removes them, their mounts, network devices and processes when process 1
(`process_one.py`) ends; and that ends when its standard input closes. A program that is killed leaves nothing behind.
See namespaces(7), pid_namespaces(7), unshare(1).
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
from collections.abc import Sequence
from enum import Enum
from typing import IO, Any, ClassVar, TypeVar

from kkplan.errors import KkplanError
from kkplan.lab.program import command_of
from kkplan.locale import T, Verbatim, named

Self = TypeVar("Self", bound="Machine")

_NEW_NAMESPACES = ("unshare", "--net", "--pid", "--fork", "--kill-child", "--mount", "--uts", "--ipc")
_LONGEST_RUN = 60.0  # seconds for a program that has to end
_LONGEST_QUOTE = 2000  # characters of what a program wrote


def search_path() -> str:
    """PATH with the folders where system programs are, which a user's own may lack."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])


def minimal_environment() -> dict[str, str]:
    """The environment of the lab's programs: the rest may hold secrets."""
    return {"PATH": search_path(), "LC_ALL": "C", "HOME": "/root"}


class LabError(KkplanError):
    """The lab cannot be built, or a program in it does not start."""


class MachineFiles(str, Enum):
    """Which files a machine sees; /run is always its own.

    HOST: the host's. READ_ONLY: the host's, which it cannot change. OWN: a root folder of its own in memory, with the
    host's programs read-only; programs run with few capabilities, so they can be anyone's.
    """

    HOST = "host"
    READ_ONLY = "read-only"
    OWN = "own"


class Machine:
    """A machine of its own.

    Attributes:
        pid: its process 1, as the host numbers it.
        files_seen: which files it sees.

    Raises:
        LabError: the kernel does not allow it.
    """

    files_seen: ClassVar[MachineFiles] = MachineFiles.READ_ONLY

    def __init__(self) -> None:
        self._descriptors: dict[str, int] = {}
        try:
            self._process = self._start()
        except BaseException as error:
            self._close_descriptors()
            if isinstance(error, OSError):
                raise _no_machine(error.strerror or str(error)) from None
            raise
        try:
            self.pid = self._wait_for_start()
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        with contextlib.ExitStack() as stack:
            self._descriptors["stream"], written = os.pipe()
            stack.callback(os.close, written)
            return subprocess.Popen(
                [*_NEW_NAMESPACES, *command_of("process_one", self.files_seen.value, str(written))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=minimal_environment(),
                pass_fds=[written],
                start_new_session=True,  # Ctrl-C is handled by kkplan only, which then ends the machine
            )

    def _wait_for_start(self) -> int:
        """The number of its process 1 on the host.

        Raises:
            LabError: it does not start.
        """
        try:
            pid: int = self._read_answer()["pid"]
            # Held open: the number of an ended process may be reused.
            self._descriptors["network"] = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
        except (OSError, LabError) as error:
            self._process.kill()
            assert self._process.stderr is not None
            said = self._process.stderr.read().decode("utf-8", "replace")
            raise _no_machine(said or str(error)) from None
        return pid

    def _prepare(self) -> None:
        """The set-up of the machine; if it fails, the machine ends."""
        self.do("ip", "link", "set", "dev", "lo", "up")

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process of the machine; its namespaces go with them. Idempotent."""
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._process.kill()
        self._process.wait()
        self._close_descriptors()

    def _close_descriptors(self) -> None:
        while self._descriptors:
            os.close(self._descriptors.popitem()[1])

    @property
    def is_running(self) -> bool:
        """Whether it has not been switched off."""
        return self._process.poll() is None

    def refuse_end(self) -> None:
        """Check that it runs, unless it was switched off.

        Raises:
            LabError: it has ended, with the reason.
        """
        assert self._process.stdin is not None
        if not self._process.stdin.closed and not self.is_running:
            self._read_answer()

    def _ask(self, what: str, **values: Any) -> dict[str, Any]:
        """Send a request to process 1.

        Raises:
            LabError: it failed.
        """
        assert self._process.stdin is not None
        # An ended machine is noticed when the answer is read.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps({"do": what, **values}).encode() + b"\n")
            self._process.stdin.flush()
        return self._read_answer()

    def _read_answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {"ended": ""}
        if "error" in answer:
            raise LabError(T("the kernel does not allow this: {reason}", reason=named(answer["error"])))
        if answer.get("ended"):
            raise LabError(
                T(
                    "a lab machine was stopped: its programs use too many resources ({used})",
                    used=named(answer["ended"]),
                )
            )
        if "scarce" in answer:
            raise LabError(
                T(
                    "a lab machine was stopped: the host has only {available} of {total} MiB of memory left. Free some, then run it again",
                    **answer["scarce"],
                )
            )
        if "ended" in answer:
            raise LabError(T("a lab machine ended unexpectedly, possibly out of memory"))
        return answer

    def run(self, *arguments: str, log: str = "") -> tuple[int, str]:
        """Run a program; returns its exit status, and its output and errors.

        Args:
            arguments: the program and its arguments. No shell reads them.
            log: where its output goes instead: see `log`.

        Raises:
            LabError: it takes longer than a minute, or the machine has ended.
        """
        answer = self._ask("run", arguments=arguments, log=log, seconds=_LONGEST_RUN)
        if answer["timed_out"]:
            raise LabError(
                T("{program} did not end within {seconds:.0f} s", program=named(arguments[0]), seconds=_LONGEST_RUN)
            )
        return answer["status"], answer["output"]

    def do(self, *arguments: str) -> str:
        """Run a program that has to succeed; returns its output.

        Raises:
            LabError: it did not succeed.
        """
        status, output = self.run(*arguments)
        if status:
            raise _failure(status, arguments, output)
        return output

    def launch(self, *arguments: str, first: Sequence[Sequence[str]] = (), log: str = "") -> int:
        """Start a program in the background; its number in the machine. Its output goes to the log, or nowhere.

        Args:
            first: programs with their arguments; each has to end with 0 before the next begins, and SIGTERM ends the wait.
        """
        number: int = self._ask("launch", arguments=arguments, first=first, log=log)["pid"]
        return number

    def launch_stream(self, *arguments: str) -> IO[str]:
        """Start a program in the background; what it writes, until the machine ends. Only one in each machine."""
        self._ask("launch", arguments=arguments, first=(), log="stream")
        return os.fdopen(self._descriptors.pop("stream"), encoding="utf-8", errors="replace")

    def send_signal(self, number: int, signal: int) -> None:
        """Send a signal to a program that was launched; one that has ended gets none."""
        self._ask("signal", pid=number, number=int(signal))

    def end(self, number: int) -> None:
        """Kill a program that was launched; it is gone when this returns."""
        self._ask("kill", pid=number)

    def log(self, name: str) -> str:
        """The log so far; only the end of a long one."""
        text: str = self._ask("log", name=name)["text"]
        return text

    def ask_socket(self, path: str, question: str) -> str | None:
        """What a Unix socket of the machine answers; None if there is none, "" if no answer comes."""
        answer: str | None = self._ask("ask", path=path, question=question)["text"]
        return answer

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        """Write a file in a machine that has its own file system."""
        self._ask("write", path=path, content=base64.b64encode(content).decode("ascii"), mode=mode)

    def command(self, *arguments: str) -> list[str]:
        """The command that runs these arguments in the machine from outside, for a process with pipes of its own.

        Not for machines with their own files: it would have all capabilities among programs that may be hostile.
        """
        assert self.files_seen is not MachineFiles.OWN
        return ["nsenter", "--target", str(self.pid), "--all", *arguments]

    def spawn(self, arguments: Sequence[str]) -> subprocess.Popen[str]:
        """A process in the machine with pipes of its own; it ends with the machine at the latest."""
        return subprocess.Popen(
            self.command(*arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            errors="replace",
            bufsize=1,
            start_new_session=True,
            env=minimal_environment(),
        )

    def do_in_network(self, *arguments: str) -> None:
        """Run a program of the host, with its files, in the machine's network.

        Raises:
            LabError: it did not succeed.
        """
        network = self._descriptors["network"]
        ran = subprocess.run(
            ["nsenter", f"--net=/proc/self/fd/{network}", "--", *arguments],
            pass_fds=[network],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=minimal_environment(),
            check=False,
        )
        if ran.returncode:
            raise _failure(ran.returncode, arguments, ran.stdout.decode("utf-8", "replace"))


def _failure(status: int, arguments: Sequence[str], output: str) -> LabError:
    return LabError(
        T(
            "exit status {status} of {command}: {output}",
            status=status,
            command=named(" ".join(arguments)),
            output=one_line(output),
        )
    )


def _no_machine(reason: str) -> LabError:
    return LabError(T("cannot start a machine in namespaces: {reason}", reason=one_line(reason)))


def one_line(output: str) -> Verbatim:
    """A program's output for a message: its lines joined by semicolons, cut if long."""
    said = "; ".join(filter(None, map(str.strip, output.splitlines()))).rstrip(".")
    return named(said if len(said) <= _LONGEST_QUOTE else f"{said[:_LONGEST_QUOTE]}…")
