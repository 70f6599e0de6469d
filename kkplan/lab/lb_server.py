"""An LB server of the lab: the real HAProxy and Keepalived with a member's files, and how each can fail."""

from __future__ import annotations

import csv
import socket
from pathlib import PurePosixPath

from kkplan.lab.machine import LabError, Machine
from kkplan.lab.pair import HAPROXY_CFG, PairMember
from kkplan.locale import T

STATS_SOCKET = "/var/lib/haproxy/stats"


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

    def start_haproxy(self) -> None:
        """Start it as its systemd unit does; it listens when this returns.

        Raises:
            LabError: it refuses to start.
        """
        # Not to the machine's output: the master process goes on writing there after the command has ended.
        status, _ = self.run("haproxy -W -D -f /etc/haproxy/haproxy.cfg -p /run/haproxy.pid >/run/haproxy.log 2>&1")
        if status:
            said = self.seen_from_outside("/run/haproxy.log").read_text(encoding="utf-8", errors="replace").strip()
            raise LabError(T("HAProxy does not start on {name}: {said}", name=self.name, said=said))

    def stop_haproxy(self) -> None:
        """End it as `systemctl stop haproxy` does."""
        self.do("kill -TERM $(cat /run/haproxy.pid)")

    def hang_haproxy(self) -> None:
        """Freeze its processes: they exist, and the kernel goes on accepting connections for them."""
        self.do("pkill -STOP -x haproxy")

    def wake_haproxy(self) -> None:
        """Let the frozen processes run on."""
        self.do("pkill -CONT -x haproxy")

    def keepalived_complaint(self) -> str:
        """What `keepalived -t` has against its file, in a line; "" where nothing. It starts all the same with most faults."""
        status, said = self.run("keepalived -t 2>&1 </dev/null")
        lines = [line for line in said.splitlines() if line.strip()]
        return lines[0] if status and lines else f"exit status {status}" if status else ""

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
