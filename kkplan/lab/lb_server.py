"""An LB server of the lab: the real HAProxy and Keepalived with a member's files, and how each can fail."""

from __future__ import annotations

import csv
import re
import socket
from pathlib import PurePosixPath
from typing import NamedTuple

from kkplan.lab.machine import LabError, Machine
from kkplan.lab.pair import HAPROXY_CFG, KEEPALIVED_CONF, PairMember
from kkplan.locale import T, named

STATS_SOCKET = "/var/lib/haproxy/stats"


class _FileTest(NamedTuple):
    """How a program is asked about its file.

    Attributes:
        short: how a person calls it.
        command: ends with another status than 0 where the program refuses the file (haproxy(1), keepalived(8)).
        name: the file's name in the member's folder.
        complaint: a line of its output that names a line, perhaps after the file; `words` are the rest.
        noise: lines of its output that are about no fault.
    """

    short: str
    command: str
    name: str
    complaint: re.Pattern[str]
    noise: re.Pattern[str]


_FILE_TESTS = (
    _FileTest(
        "haproxy -c",
        "haproxy -c -f /etc/haproxy/haproxy.cfg",
        HAPROXY_CFG,
        re.compile(r"\[ALERT\].*? : parsing \[(?P<file>[^\]]*):(?P<line>\d+)\] : (?P<words>.*)"),
        re.compile(r"\[(NOTICE|WARNING)\]|.*(Error\(s\) found in|Fatal errors found in)"),
    ),
    _FileTest(
        "keepalived -t",
        # Before 2.0 it cannot be asked.
        "! keepalived --help 2>&1 | grep -q config-test || keepalived -t -l -f /etc/keepalived/keepalived.conf",
        KEEPALIVED_CONF,
        re.compile(r"\((?:(?P<file>/[^ ]*): )?Line (?P<line>\d+)\) (?P<words>.*)"),
        re.compile(r"\(Line \d+\) Warning\b"),
    ),
)


class LbServer(Machine):
    """A machine where HAProxy and Keepalived run with the files of a member of the pair, byte for byte."""

    def __init__(self, member: PairMember) -> None:
        super().__init__()
        self.name = member.name
        for folder in ("/etc/haproxy", "/etc/keepalived", "/var/lib/haproxy"):
            self.mount_empty(folder)
        for file in member.files:
            name = PurePosixPath(file.path).name
            folder = "/etc/haproxy" if name == HAPROXY_CFG else "/etc/keepalived"
            self.write(f"{folder}/{name}", file.content.encode(), file.mode)

    def refuse_wrong_files(self) -> None:
        """Make sure that both programs accept their files.

        Raises:
            LabError: one does not; with its words, and the first line that it names.
        """
        for test in _FILE_TESTS:
            status, said = self.run(test.command)
            if status:
                raise self._refusal(test, said)

    def _refusal(self, test: _FileTest, said: str) -> LabError:
        lines = [line.strip() for line in said.splitlines() if line.strip() and not test.noise.match(line)]
        place = next(filter(None, map(test.complaint.match, lines)), None)
        file = PurePosixPath(place["file"] or test.name).name if place is not None else test.name
        return LabError(
            T(
                "`{command}` refuses it: {said}. Mend the file; to see what happens all the same: --anyway",
                command=named(test.short),
                said=named(("; ".join(dict.fromkeys(lines)) or said).rstrip(".")),
            ),
            file=f"{self.name}/{file}",
            line=int(place["line"]) if place is not None else 0,
        )

    def start_haproxy(self) -> None:
        """Start it as its systemd unit does; it listens when this returns.

        Raises:
            LabError: it refuses to start.
        """
        # Not to the machine's output: the master process goes on writing there after the command has ended.
        status, _ = self.run("haproxy -W -D -f /etc/haproxy/haproxy.cfg -p /run/haproxy.pid >/run/haproxy.log 2>&1")
        if status:
            said = self.seen_from_outside("/run/haproxy.log").read_text(encoding="utf-8", errors="replace").strip()
            raise LabError(T("HAProxy does not start on {name}: {said}", name=self.name, said=named(said)))

    def stop_haproxy(self) -> None:
        """End it as `systemctl stop haproxy` does."""
        self.do("kill -TERM $(cat /run/haproxy.pid)")

    def hang_haproxy(self) -> None:
        """Freeze its processes: they exist, and the kernel goes on accepting connections for them."""
        self.do("pkill -STOP -x haproxy")

    def wake_haproxy(self) -> None:
        """Let the frozen processes run on."""
        self.do("pkill -CONT -x haproxy")

    def start_keepalived(self) -> None:
        """Start it; what it says goes to `keepalived_log`."""
        self.do("keepalived -n -G -l -D >>/run/keepalived.log 2>&1 &")

    def stop_keepalived(self) -> None:
        """End it as `systemctl stop keepalived` does: it gives the VIP up in good order."""
        self.do("pkill -TERM -x -o keepalived")

    @property
    def keepalived_runs(self) -> bool:
        """Whether a process of it is there."""
        return self.run("pgrep -x keepalived >/dev/null")[0] == 0

    def kill_keepalived(self) -> None:
        """Kill all its processes: nobody is left who would take the VIP off the NIC."""
        self.do("pkill -KILL -x keepalived; rm -f /run/keepalived*.pid /run/keepalived/*.pid; true")

    @property
    def keepalived_log(self) -> str:
        """What Keepalived said so far."""
        log = self.seen_from_outside("/run/keepalived.log")
        return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""

    def holds(self, vip: str) -> bool:
        """Whether the VIP is on its NIC now."""
        return f" {vip}/" in self.do("ip -o addr show")

    @property
    def has_statistics(self) -> bool:
        """Whether HAProxy tells its servers' states; anyone's own haproxy.cfg may have no such socket."""
        return self.seen_from_outside(STATS_SOCKET).exists()

    def backend_states(self) -> dict[str, str]:
        """What HAProxy thinks of each server, e.g. `UP`, `DOWN`, `UP 1/2`; empty where it does not answer."""
        path = self.seen_from_outside(STATS_SOCKET)
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(0.5)
                connection.connect(str(path))
                connection.sendall(b"show stat\n")
                answer = b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError:
            return {}
        rows = csv.DictReader(answer.decode("utf-8", "replace").removeprefix("# ").splitlines())
        return {row["svname"]: row["status"] for row in rows if row["svname"] not in ("FRONTEND", "BACKEND")}
