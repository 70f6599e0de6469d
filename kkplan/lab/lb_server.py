"""An LB server of the lab: the real HAProxy and Keepalived with a member's files, and how each can fail."""

from __future__ import annotations

import csv
import re
import shlex
import signal
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from kkplan.lab.machine import LabError, Machine, MachineFiles, one_line
from kkplan.lab.pair import HAPROXY_CFG, KEEPALIVED_CONF, PairMember
from kkplan.locale import T, Text, Verbatim, named
from kkplan.plan.artifact import Artifact

STATS_SOCKET = "/var/lib/haproxy/stats"
HAPROXY_PID = "/run/haproxy.pid"
RESTART_CONF = "kkplan-restart.conf"

# The most that is read of an answer or message: the writer may be hostile.
_MOST_STATES = 128
_LONGEST_NAME = 100
_LONGEST_STATE = 30
_LONGEST_COMPLAINT = 1000


class _Program(NamedTuple):
    """How a program checks its file, and how its messages are read.

    Attributes:
        test: ends with another status than 0 if the program refuses the file (haproxy(1), keepalived(8)).
        file: the file's name in the member's folder.
        complaint: a line of its output with a line number, perhaps after the file; `words` are the rest.
        noise: lines of its output that report no error.
        includes: a line of its file that includes other files.
    """

    test: tuple[str, ...]
    file: str
    complaint: re.Pattern[str]
    noise: re.Pattern[str]
    includes: re.Pattern[str]


_HAPROXY = _Program(
    ("haproxy", "-c", "-f", "/etc/haproxy/haproxy.cfg"),
    HAPROXY_CFG,
    re.compile(r"\[ALERT\].*? : parsing \[(?P<file>[^\]]*):(?P<line>\d{1,7})\] : (?P<words>.*)"),
    re.compile(r"\[(NOTICE|WARNING)\]|.*(Error\(s\) found in|Fatal errors found in)"),
    re.compile(r"(?!)"),
)
_KEEPALIVED = _Program(
    ("keepalived", "-t", "-l", "-f", "/etc/keepalived/keepalived.conf"),
    KEEPALIVED_CONF,
    re.compile(r"\((?:(?P<file>/[^ ]*): )?Line (?P<line>\d{1,7})\) (?P<words>.*)"),
    re.compile(r"\(Line \d+\) Warning\b"),
    re.compile(r"(?m)^[ \t\r]*include"),
)
_PATH = re.compile(r"/[^\s:;,'\"()\[\]]+")


def own_complaints(program: _Program, said: str, files: Sequence[Artifact]) -> tuple[list[str], re.Match[str] | None]:
    """A program's messages about the member's files, and the first line that has a place in one.

    Quotes of other files (an include, a list of addresses, a Lua script) are left out: they may not be the pair's.
    """
    own = {f"/etc/{folder}/{PurePosixPath(file.path).name}" for file in files for folder in ("haproxy", "keepalived")}
    has_includes = any(program.includes.search(file.content) for file in files)
    lines, place = [], None
    for whole in filter(None, map(str.strip, said.splitlines())):
        line = whole[:_LONGEST_COMPLAINT]
        found = program.complaint.match(line)
        if program.noise.match(line) or not own.issuperset(_PATH.findall(line)):
            continue
        if has_includes and not (found and found["file"]):
            continue
        place = place or found
        lines.append(line)
    return list(dict.fromkeys(lines)), place


class LbServer(Machine):
    """A machine where HAProxy and Keepalived run with the files of a member of the pair, byte for byte."""

    files_seen = MachineFiles.OWN

    def __init__(self, member: PairMember) -> None:
        self.name = member.name
        self._files = member.files
        self._start_conditions = start_conditions(member)
        self._keepalived = 0
        self._loops: list[int] = []
        super().__init__()

    def _prepare(self) -> None:
        super()._prepare()
        for file in self._files:
            name = PurePosixPath(file.path).name
            folder = "/etc/haproxy" if name == HAPROXY_CFG else "/etc/keepalived"
            self.write(f"{folder}/{name}", file.content.encode(), file.mode)

    def refuse_wrong_files(self) -> None:
        """Check the files with both programs.

        Raises:
            LabError: one rejects its file; with its message and line.
        """
        self._test_file(_HAPROXY)
        # Before 2.0.4 it has no such test.
        if "config-test" in self.run("keepalived", "--help")[1]:
            self._test_file(_KEEPALIVED)

    def _test_file(self, program: _Program) -> None:
        status, said = self.run(*program.test)
        if not status:
            return
        lines, place = own_complaints(program, said, self._files)
        file = PurePosixPath(place["file"] or program.file).name if place is not None else program.file
        raise LabError(
            T(
                "`{command}` rejects it: {said}. Fix the file, or add --anyway to rehearse with it",
                command=named(" ".join(program.test[:2])),
                said=_shown(lines),
            ),
            file=f"{self.name}/{file}",
            line=int(place["line"]) if place is not None else 0,
        )

    def start_haproxy(self) -> None:
        """Start it as its systemd unit does; it is listening when this returns.

        Raises:
            LabError: it does not start.
        """
        # The master process goes on writing after the command has ended.
        command = ("haproxy", "-W", "-D", "-f", "/etc/haproxy/haproxy.cfg", "-p", HAPROXY_PID)
        status, said = self.run(*command, log="haproxy")
        if status:
            lines, _ = own_complaints(_HAPROXY, said or self.log("haproxy"), self._files)
            raise LabError(T("HAProxy does not start on {name}: {said}", name=named(self.name), said=_shown(lines)))

    def stop_haproxy(self) -> None:
        """Stop it as `systemctl stop haproxy` does."""
        self.do("pkill", "-TERM", "-F", HAPROXY_PID)

    def hang_haproxy(self) -> None:
        """Freeze its processes: they exist, and the kernel still accepts connections for them."""
        self.do("pkill", "-STOP", "-x", "haproxy")

    def wake_haproxy(self) -> None:
        """Resume the frozen processes."""
        self.do("pkill", "-CONT", "-x", "haproxy")

    def start_keepalived(self) -> None:
        """Start it as its systemd unit does; its output goes to `keepalived_log`."""
        command = ("keepalived", "-n", "-G", "-l", "-D")
        self._keepalived = self.launch(*command, first=self._start_conditions, log="keepalived")

    def stop_keepalived(self) -> None:
        """Stop it as `systemctl stop keepalived` does: it releases the VIP cleanly; a waiting start ends."""
        self.send_signal(self._keepalived, signal.SIGTERM)

    @property
    def keepalived_runs(self) -> bool:
        """Whether it has a process."""
        return self.run("pgrep", "-x", "keepalived")[0] == 0

    def kill_keepalived(self) -> None:
        """Kill all its processes: none is left to remove the VIP from the NIC."""
        # All at once: when the parent dies, the kernel sends its children SIGTERM, and they release the VIP.
        self.do("pkill", "-STOP", "-x", "keepalived")
        self.do("pkill", "-KILL", "-x", "keepalived")
        self.do("find", "/run", "-name", "*.pid", "-path", "/run/keepalived*", "-delete")

    @property
    def keepalived_log(self) -> str:
        """Keepalived's output so far."""
        return self.log("keepalived")

    def holds(self, vip: str) -> bool:
        """Whether the VIP is on its NIC now."""
        return f" {vip}/" in self.do("ip", "-o", "addr", "show")

    def keep_processors_busy(self, loops: int) -> None:
        """Start this many programs that only use the processor."""
        self._loops = [self.launch("sh", "-c", "while :; do :; done") for _ in range(loops)]

    def let_processors_rest(self) -> None:
        """Stop them."""
        while self._loops:
            self.end(self._loops.pop())

    @property
    def has_statistics(self) -> bool:
        """Whether HAProxy reports its servers' states; another haproxy.cfg may have no such socket."""
        return self.ask_socket(STATS_SOCKET, "show info\n") is not None

    def backend_states(self) -> dict[str, str]:
        """The state of each server in HAProxy, e.g. `UP`, `DOWN`, `UP 1/2`; empty if it does not answer."""
        answer = self.ask_socket(STATS_SOCKET, "show stat\n") or ""
        return backend_states(answer)


def backend_states(answer: str) -> dict[str, str]:
    """The first servers' states in an answer to `show stat` (HAProxy's management guide, 9.1); {} if it is not one."""
    try:
        rows = list(csv.DictReader(answer.removeprefix("# ").splitlines()))
    except csv.Error:
        return {}
    states = {str(row.get("svname"))[:_LONGEST_NAME]: str(row.get("status"))[:_LONGEST_STATE] for row in rows}
    servers = [(name, state) for name, state in states.items() if name not in ("FRONTEND", "BACKEND", "None")]
    return dict(servers[:_MOST_STATES])


def start_conditions(member: PairMember) -> list[list[str]]:
    """The commands that systemd runs before Keepalived, by the member's drop-in for its unit (systemd.service(5)).

    Raises:
        LabError: one has an unclosed quote.
    """
    drop_in = next((file.content for file in member.files if PurePosixPath(file.path).name == RESTART_CONF), "")
    conditions = []
    for number, line in enumerate(drop_in.split("\n"), 1):
        command = line.removeprefix("ExecStartPre=")
        if command != line and command.startswith("/"):
            try:
                conditions.append(shlex.split(command))
            except ValueError:
                raise LabError(
                    T("ExecStartPre has an unclosed quote. Close it, or run `kkplan apply` again"),
                    file=f"{member.name}/{RESTART_CONF}",
                    line=number,
                ) from None
    return conditions


def _shown(lines: Sequence[str]) -> Text | Verbatim:
    return (
        one_line("\n".join(lines)) if lines else T("its messages quote files outside the pair, so they are not shown")
    )
