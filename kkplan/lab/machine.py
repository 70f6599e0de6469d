"""A machine: a shell that is process 1 of its PID namespace, in network and mount namespaces of its own.

The namespaces have no names, so the kernel removes them, their mounts, network devices and processes when the shell
ends; and the shell ends when its standard input closes. A program that is killed leaves nothing behind. See
namespaces(7), pid_namespaces(7), unshare(1).
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, TypeVar

from kkplan.errors import KkplanError
from kkplan.lab.requirements import search_path
from kkplan.locale import T, named

Self = TypeVar("Self", bound="Machine")

# Reads a command a line. As process 1 it also reaps what the daemons leave: a zombie still counts as a process.
_SHELL = r"""
mount -t tmpfs tmpfs /run
ip link set lo up
echo ready
while IFS= read -r line; do eval "$line" </dev/null 2>&1; printf '\n\001%d\n' $?; done
"""

_NEW_NAMESPACES = ("unshare", "--net", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc")


# A check script is anyone's program: of the host's files and settings it may change none. What the network's settings
# are belongs to the network namespace. A mount that refuses (a FUSE mount of another user) is left as it is.
_PROTECTION = r"""
set -e
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
while read -r _ place kind _; do
    case $kind:$place in
    proc:* | tmpfs:/dev/shm) ;;
    *:/) mount -o remount,bind,ro / ;;
    *) mount -o remount,bind,ro "$(printf %b "$place")" 2>/dev/null || : ;;
    esac
done </proc/self/mounts
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount -t proc proc /proc/tty
mount --bind /proc/tty/sys/net /proc/sys/net
umount -l /proc/tty
set +e
"""


def minimal_environment() -> dict[str, str]:
    """What the lab's programs get of the environment: others' secrets may be in the rest of it."""
    return {"PATH": search_path(), "LC_ALL": "C", "HOME": "/root"}


class LabError(KkplanError):
    """The lab cannot be built, or a program in it does not start."""


class Machine:
    """A machine of its own: network, processes and mounts; the files are the host's until something is mounted.

    Attributes:
        pid: its process 1, as the host numbers it.
        protects_files: the host's files are read-only in it: a check script is anyone's program.

    Raises:
        LabError: the kernel refuses the namespaces.
    """

    protects_files: ClassVar[bool] = True

    def __init__(self) -> None:
        protection = _PROTECTION if self.protects_files else ""
        self._shell = subprocess.Popen(
            [*_NEW_NAMESPACES, "bash", "-c", f"{protection}{_SHELL}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=minimal_environment(),
            start_new_session=True,  # Ctrl-C is kkplan's alone: who ends the machine is who built it
        )
        assert self._shell.stdout is not None
        if self._shell.stdout.readline() != "ready\n":
            self.close()
            raise LabError(T("a machine in namespaces of its own does not start"))
        children = Path(f"/proc/{self._shell.pid}/task/{self._shell.pid}/children").read_text(encoding="ascii")
        self.pid = int(children.split()[0])

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every process of the machine; its namespaces go with them. A second time does nothing."""
        for stream in (self._shell.stdin, self._shell.stdout):
            if stream is not None:
                stream.close()
        self._shell.kill()
        self._shell.wait()

    @property
    def is_running(self) -> bool:
        """Whether it has not been switched off."""
        return self._shell.poll() is None

    def run(self, command: str) -> tuple[int, str]:
        """Run a line of shell; its exit status, and what it wrote to both outputs.

        What it leaves in the background must not write there.
        """
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(command + "\n")
        self._shell.stdin.flush()
        written: list[str] = []
        for line in self._shell.stdout:
            if line.startswith("\1"):
                return int(line[1:]), "".join(written).removesuffix("\n")
            written.append(line)
        raise LabError(T("the machine ended during: {command}", command=named(command)))

    def do(self, command: str) -> str:
        """Run a line of shell that has to succeed; what it wrote.

        Raises:
            LabError: it did not succeed.
        """
        status, output = self.run(command)
        if status:
            raise LabError(
                T(
                    "exit status {status} of {command}: {output}",
                    status=status,
                    command=named(command),
                    output=named(output),
                )
            )
        return output

    def command(self, *arguments: str) -> list[str]:
        """The command that runs these arguments in the machine from outside, for a process with pipes of its own."""
        return ["nsenter", "--target", str(self.pid), "--all", *arguments]

    def spawn(self, arguments: Sequence[str]) -> subprocess.Popen[str]:
        """A process in the machine with pipes of its own; it ends with the machine at the latest."""
        return subprocess.Popen(
            self.command(*arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            start_new_session=True,
            env=minimal_environment(),
        )

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        """Put a file where the machine has a file system of its own."""
        script = f"umask 077 && cat >{path} && chmod {mode:o} {path}"
        subprocess.run(self.command("sh", "-c", script), input=content, check=True, env=minimal_environment())

    def seen_from_outside(self, path: str) -> Path:
        """The machine's file as this process reaches it."""
        return Path(f"/proc/{self.pid}/root{path}")

    def mount_empty(self, folder: str) -> None:
        """Put an empty folder of the machine's own over the host's."""
        self.do(f"mount -t tmpfs tmpfs {folder}")
