"""Process 1 of a machine: sets up its sandbox, then runs the programs that kkplan names.

A program of its own, started in new namespaces: nothing but the standard library.
Arguments: which files the machine sees (`kkplan.lab.machine.MachineFiles`); the descriptor of a pipe that a program can
be launched with. Its children are reaped: a zombie would still count as a process of HAProxy. It ends when its input
closes, and the kernel then ends the whole machine.

Requests and answers are lines of JSON on standard input and output. Programs are argument lists, never shell lines.
"""

import base64
import json
import os
import resource
import select
import signal
import socket
import sys
import time
import warnings  # noqa: F401 - os.execvp imports it, when Python's own files are out of reach
from typing import Any, NoReturn

from kkplan.lab.sandbox import SetUpError, set_up

_WRITTEN_LIMIT = 1 << 20  # bytes of a program's output or log that are kept
_TASK_LIMIT = 2000  # processes and threads of a machine: its programs, or those that talk to them, may be hostile
_MEMORY_LIMIT = 2 << 30  # bytes, of the same
_SPARE_PART = 16  # one part in so many of the host's memory has to stay available
_WATCH_SECONDS = 0.2
_SOCKET_SECONDS = 0.5


class Run:
    """A program that is being run; the answer is due when it ends.

    Attributes:
        output: descriptor that its output comes from.
        status: its exit status, negative for a signal; None until it has ended.
        ends: on the monotonic clock: it is killed after.
    """

    def __init__(self, pid: int, output: int, ends: float) -> None:
        self.pid = pid
        self.output = output
        self.ends = ends
        self.status: int | None = None
        self.timed_out = False
        self._written = bytearray()

    def read(self) -> bool:
        """Read its output; whether there was any."""
        try:
            data = os.read(self.output, 65536)
        except BlockingIOError:
            return False
        self._written += data[: _WRITTEN_LIMIT - len(self._written)]
        return bool(data)

    def answer(self) -> dict[str, Any]:
        """Its exit status and output; its background processes may still write, and are not waited for."""
        for _ in range(64):
            if not self.read():
                break
        os.close(self.output)
        written = self._written.decode("utf-8", "replace")
        return {"status": self.status, "output": written, "timed_out": self.timed_out}


class ProcessOne:
    """Answers requests one after the other, and reaps children."""

    def __init__(self, is_watched: bool, stream: int) -> None:
        self._is_watched = is_watched
        self._run: Run | None = None
        self._launched: set[int] = set()
        self._next_count = 0.0
        self._logs = {"stream": stream}
        self._requests = bytearray()
        self._wake, written = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(written, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> None:
        """Run until the input closes."""
        poll = select.poll()
        poll.register(0, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        output = -1
        while True:
            for ready, _ in poll.poll(_WATCH_SECONDS * 1000):
                if ready == 0:
                    self._take_input()
                elif ready == self._wake:
                    os.read(self._wake, 4096)
                elif self._run is not None and not self._run.read():
                    poll.unregister(output)  # it has closed its output, and may still run
                    output = -2
            self._reap()
            self._watch()
            if self._run is not None and self._run.status is not None:
                if output >= 0:
                    poll.unregister(output)
                output = -1
                answer, self._run = self._run.answer(), None
                self._answer(answer)
            if self._run is None and b"\n" in self._requests:
                line, _, self._requests = self._requests.partition(b"\n")
                self._handle(json.loads(line))
                if self._run is not None:
                    output = self._run.output
                    poll.register(output, select.POLLIN)

    def _take_input(self) -> None:
        data = os.read(0, 1 << 16)
        if not data:
            os._exit(0)
        self._requests += data

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._launched.discard(pid)
            if self._run is not None and pid == self._run.pid:
                self._run.status = os.waitstatus_to_exitcode(status)

    def _watch(self) -> None:
        """Stop programs that take too long, and a machine that uses too much."""
        now = time.monotonic()
        if self._run is not None and self._run.status is None and now > self._run.ends:
            self._run.timed_out = True
            os.killpg(self._run.pid, signal.SIGKILL)
        if self._is_watched and now >= self._next_count:
            self._next_count = now + _WATCH_SECONDS
            excess = excess_of(*_used(), *host_memory())
            if excess is not None:
                self._answer(excess)
                os._exit(1)

    def _answer(self, values: dict[str, Any]) -> None:
        data = json.dumps(values).encode() + b"\n"
        while data:
            data = data[os.write(1, data) :]

    def _handle(self, request: dict[str, Any]) -> None:
        try:
            answer = getattr(self, f"do_{request.pop('do')}")(**request)
        except (OSError, ValueError) as error:  # ValueError: a NUL in a word
            self._answer({"error": getattr(error, "strerror", None) or str(error)})
        else:
            if answer is not None:
                self._answer(answer)

    def do_run(self, arguments: list[str], log: str, seconds: float) -> None:
        """Run a program to its end. With a log, its output goes there: its children may still write."""
        read, write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        os.set_blocking(write, True)
        try:
            pid = self._spawn(arguments, self._log(log) if log else write)
        except (OSError, ValueError) as error:
            os.close(read)
            reason = getattr(error, "strerror", None) or str(error)
            self._answer({"status": 127, "output": f"{arguments[0]}: {reason}", "timed_out": False})
            return
        finally:
            os.close(write)
        self._run = Run(pid, read, time.monotonic() + seconds)

    def do_launch(self, arguments: list[str], first: list[list[str]], log: str) -> dict[str, Any]:
        """Start a program in the background, after the `first` ones: each has to end with 0 before the next begins."""
        output = self._log(log) if log else os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        try:
            pid = self._fork_start(arguments, first, output) if first else self._spawn(arguments, output)
        finally:
            if not log:
                os.close(output)
        self._launched.add(pid)
        return {"pid": pid}

    def _fork_start(self, arguments: list[str], first: list[list[str]], output: int) -> int:
        """A process that runs the first programs, then becomes the last one. SIGTERM ends it with what it waits for."""
        pid = os.fork()
        if pid:
            return pid
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setpgid(0, 0)
            signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))
            for step in first:
                if os.waitpid(self._spawn(step, output, os.getpgrp()), 0)[1]:
                    os._exit(1)
            for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            null = os.open(os.devnull, os.O_RDONLY)
            for descriptor, source in enumerate((null, output, output)):
                os.dup2(source, descriptor)
            os.close(null)
            os.execvp(arguments[0], arguments)  # noqa: S606
        except (OSError, ValueError) as error:
            os.write(output, f"{error}\n".encode("utf-8", "replace"))
        finally:
            os._exit(127)

    def _spawn(self, arguments: list[str], output: int, group: int = 0) -> int:
        """Start a program in this process group, or in one of its own."""
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, output, 1),
            (os.POSIX_SPAWN_DUP2, output, 2),
        ]
        # Python ignores these signals, and a program would inherit that.
        restored = [signal.SIGPIPE, signal.SIGXFSZ]
        return os.posix_spawnp(
            arguments[0], arguments, os.environ, file_actions=actions, setpgroup=group, setsigdef=restored
        )

    def do_kill(self, pid: int) -> dict[str, Any]:
        """Kill a program that was launched; it has ended when the answer comes."""
        self._reap()
        if pid in self._launched:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            self._launched.discard(pid)
        return {}

    def do_signal(self, pid: int, number: int) -> dict[str, Any]:
        """Send a signal to a program that was launched; one that has ended gets none."""
        self._reap()
        if pid in self._launched:
            os.kill(pid, number)
        return {}

    def do_write(self, path: str, content: str, mode: int) -> dict[str, Any]:
        """Write a file of the machine's own."""
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            data = base64.b64decode(content)
            while data:
                data = data[os.write(file, data) :]
            os.fchmod(file, mode)
        finally:
            os.close(file)
        return {}

    def do_log(self, name: str) -> dict[str, Any]:
        """The end of a log."""
        file = self._log(name)
        size = os.fstat(file).st_size
        data = os.pread(file, _WRITTEN_LIMIT, max(0, size - _WRITTEN_LIMIT))
        return {"text": data.decode("utf-8", "replace")}

    def _log(self, name: str) -> int:
        """A file without a name, so that programs in the machine cannot replace it."""
        if name not in self._logs:
            flags = os.O_TMPFILE | os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
            self._logs[name] = os.open("/run", flags, 0o600)
        return self._logs[name]

    def do_ask(self, path: str, question: str) -> dict[str, Any]:
        """What a Unix socket answers; None if there is none, "" if no answer comes in time.

        A separate process asks: the server may pass it a descriptor whose closing takes an hour (SO_LINGER).
        """
        if not os.path.exists(path):
            return {"text": None}
        ends = time.monotonic() + _SOCKET_SECONDS
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            _ask(path, question, writing)
        os.close(writing)
        answer = bytearray()
        while len(answer) < _WRITTEN_LIMIT and select.select([reading], [], [], max(0.0, ends - time.monotonic()))[0]:
            data = os.read(reading, 65536)
            if not data:
                break
            answer += data
        os.close(reading)
        os.kill(pid, signal.SIGKILL)  # reaped with the others
        return {"text": answer.decode("utf-8", "replace")}


def _ask(path: str, question: str, output: int) -> NoReturn:
    """Write the socket's answer to the output, and end."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_SOCKET_SECONDS)
            connection.connect(path)
            connection.sendall(question.encode())
            while data := connection.recv(65536):
                os.write(output, data)
    except OSError:
        pass
    os._exit(0)


def _used() -> tuple[int, int]:
    """How many tasks the machine has, and the bytes of memory that they use (proc(5), stat)."""
    tasks = pages = 0
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    words = file.read().rpartition(b")")[2].split()
            except OSError:
                continue  # it has ended
            tasks += int(words[17])
            pages += int(words[21])
    return tasks, pages * resource.getpagesize()


def host_memory() -> tuple[int, int]:
    """The bytes of memory that the host has, and those that programs can still get (proc(5), meminfo); 0 if it does not say."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            words = [line.split() for line in file]
    except OSError:
        return 0, 0
    kib = {line[0]: int(line[1]) for line in words if line[0] in ("MemTotal:", "MemAvailable:")}
    return (kib["MemTotal:"] << 10, kib["MemAvailable:"] << 10) if len(kib) == 2 else (0, 0)


def excess_of(tasks: int, memory: int, total: int, available: int) -> "dict[str, Any] | None":
    """Why a machine has to end, as the answer that says so; None if it need not.

    Its programs' memory does not include files in memory and socket buffers: those are counted by the host's available memory.
    """
    if tasks > _TASK_LIMIT or memory > _MEMORY_LIMIT:
        return {"ended": f"{tasks} tasks, {memory >> 20} MiB"}
    if available * _SPARE_PART < total:
        return {"scarce": {"available": available >> 20, "total": total >> 20}}
    return None


def main(files: str, stream: int) -> None:
    """Set up, report, serve."""
    # Anything left open by the start, and the pipe: children do not inherit them.
    os.closerange(3, stream)
    os.closerange(stream + 1, stream + 64)
    os.set_inheritable(stream, False)
    # The host's /proc is still there: this process's number on the host.
    try:
        ready = {"pid": int(os.readlink("/proc/self"))}
        set_up(files)
    except (OSError, SetUpError) as error:
        os.write(1, json.dumps({"error": str(error)}).encode() + b"\n")
        sys.exit(1)
    os.write(1, json.dumps(ready).encode() + b"\n")
    ProcessOne(files != "host", stream).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
