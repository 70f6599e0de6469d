"""An LB server that boots: systemd-nspawn in a machine of the lab, on a disk in memory over a release's files.

The machine is its power supply, cable and NIC, and outlives its boots; whatever runs in it ends with the machine. Only a
control group has a name that outlives its processes, and a janitor.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
from enum import Enum
from pathlib import Path

from kkplan.lab.lb_server import LbServer
from kkplan.lab.machine import LabError, MachineFiles, minimal_environment
from kkplan.lab.pair import PairMember
from kkplan.lab.pair_lab import wait_until
from kkplan.locale import T, named
from tests.machines.janitor import Janitor
from tests.machines.root_fs import RootFs

DISK_MIB = 1024
BOOT_SECONDS = 60

_ROOT = "/run/machine"
_CGROUPS = "/sys/fs/cgroup"

# No network but the lab's, no unit of the host's systemd, no question at the console.
_NSPAWN = (
    *("systemd-nspawn", "--quiet", "--boot", f"--directory={_ROOT}", "--register=no", "--keep-unit", "--console=pipe"),
    *("--capability=CAP_NET_ADMIN,CAP_NET_RAW", "--network-namespace-path=/proc/self/ns/net"),
    *("--link-journal=no", "--resolv-conf=off", "--timezone=off"),
)


class Networking(str, Enum):
    """Who gives the NIC its address.

    OUTSIDE: the test, before the boot or at any later moment.
    """

    IFUPDOWN = "ifupdown"
    NETWORKD = "networkd"
    OUTSIDE = "outside"


class BootedServer(LbServer):
    """An LB server with systemd, Debian's packages and an sshd; `run` and `do` are outside of it, on its network.

    Attributes:
        address: its own, with the prefix of the subnet.
    """

    files_seen = MachineFiles.HOST

    def __init__(self, member: PairMember, address: str, root_fs: RootFs, disk_mib: int = DISK_MIB) -> None:
        self.member = member
        self.address = address
        self._root_fs = root_fs
        self._disk_mib = disk_mib
        self._nspawn = 0
        self._init = ""
        self._janitor: Janitor | None = None
        super().__init__(member)

    def _prepare(self) -> None:
        self.do("ip", "link", "set", "dev", "lo", "up")
        self.do("mkdir", "/run/disk", _ROOT)
        self.do("mount", "-t", "tmpfs", "-o", f"size={self._disk_mib}m", "disk", "/run/disk")
        self.do("mkdir", "/run/disk/upper", "/run/disk/work")
        options = f"lowerdir={self._root_fs.root},upperdir=/run/disk/upper,workdir=/run/disk/work"
        self.do("mount", "-t", "overlay", "-o", options, "overlay", _ROOT)
        # Whatever the host has: Debian 13's systemd wants version 2.
        self.do("mount", "-t", "cgroup2", "cgroup2", _CGROUPS)
        self._cgroup = f"kkplan-machine-{os.getpid()}-{secrets.token_hex(4)}"
        self.do("mkdir", f"{_CGROUPS}/{self._cgroup}")
        # Not in the machine's PID namespace, where it would end with the machine.
        mounts = ("nsenter", "--target", str(self.pid), "--mount")
        self._janitor = Janitor(f"{_CGROUPS}/{self._cgroup}", mounts)
        self.set_networking(Networking.IFUPDOWN)
        self.write_file("/etc/hostname", f"{self.name}\n")
        self.write_file("/etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {self.name}\n")

    def close(self) -> None:
        super().close()
        if self._janitor is not None:
            self._janitor.close()
            self._janitor = None

    # --- The disk ---

    def write_file(self, path: str, content: str, mode: int = 0o644) -> None:
        """Write a file on its disk, whether it runs or not."""
        self.do("mkdir", "-p", f"{_ROOT}{os.path.dirname(path)}")  # noqa: PTH120 - a path of the machine
        self.write(f"{_ROOT}{path}", content.encode(), mode)

    def copy_in(self, folder: Path, target: str) -> None:
        """Copy a folder of the host to its disk."""
        self.do("mkdir", "-p", f"{_ROOT}{target}")
        self.do("cp", "-a", f"{folder}/.", f"{_ROOT}{target}")

    def fill_disk(self, free: int) -> None:
        """Leave so many bytes of its disk."""
        available = int(self.do("df", "--output=avail", "--block-size=1", "/run/disk").split()[1])
        self.do("fallocate", "--length", str(available - free), "/run/disk/filler")

    def free_disk(self) -> None:
        """Give the rest of the disk back."""
        self.do("rm", "/run/disk/filler")

    def set_networking(self, networking: Networking) -> None:
        """Choose who gives the NIC its address from the next boot on."""
        nic = self.member.nic
        with_ifupdown = networking is Networking.IFUPDOWN
        stanza = f"auto {nic}\niface {nic} inet static\n    address {self.address}\n" if with_ifupdown else ""
        self.write_file("/etc/network/interfaces", f"auto lo\niface lo inet loopback\n{stanza}")
        unit = f"{_ROOT}/etc/systemd/system/multi-user.target.wants/systemd-networkd.service"
        if networking is Networking.NETWORKD:
            network = (
                f"[Match]\nName={nic}\n[Network]\nAddress={self.address}\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n"
            )
            self.write_file("/etc/systemd/network/10-lb.network", network)
            self.do("ln", "-sf", "/lib/systemd/system/systemd-networkd.service", unit)
        else:
            self.do("rm", "-f", unit)

    def set_start(self, *, haproxy: bool) -> None:
        """Choose whether systemd starts HAProxy at the next boots."""
        link = f"{_ROOT}/etc/systemd/system/multi-user.target.wants/haproxy.service"
        change = ["ln", "-sf", "/lib/systemd/system/haproxy.service", link] if haproxy else ["rm", "-f", link]
        self.do(*change)

    # --- Power ---

    @property
    def is_on(self) -> bool:
        """Whether it has power."""
        return bool(self._nspawn)

    def boot(self) -> None:
        """Switch it on; its systemd runs when this returns, and starts the services."""
        enter = 'echo $$ >"$0/cgroup.procs" && exec "$@"'
        command = [*_NSPAWN, f"--machine={self.name}", f"--hostname={self.name}"]
        self._nspawn = self.launch("sh", "-c", enter, f"{_CGROUPS}/{self._cgroup}", *command, log="console")
        if not wait_until(self._find_init, BOOT_SECONDS):
            raise LabError(T("{name} does not boot: {said}", name=named(self.name), said=named(self.log("console"))))

    def _find_init(self) -> bool:
        status, said = self.run("pgrep", "--parent", str(self._nspawn), "--exact", "systemd|init")
        self._init = said.strip() if not status else ""
        return bool(self._init)

    def wait_for_boot(self) -> str:
        """Wait until every unit has started or failed; systemd's word for it, such as `running` or `degraded`."""
        wait_until(self._has_booted, BOOT_SECONDS)
        return self.inside("systemctl", "is-system-running")[1].strip()

    def _has_booted(self) -> bool:
        return self.inside("systemctl", "is-system-running")[1].strip() in ("running", "degraded")

    def power_off(self) -> None:
        """Take its power away: no process of it does anything any more, and its NIC is gone."""
        self.run("kill", "-KILL", self._init)
        wait_until(lambda: self.run("kill", "-0", str(self._nspawn))[0] != 0, BOOT_SECONDS)
        self._forget_boot()

    def shut_down(self) -> None:
        """Shut it down as `systemctl poweroff` does; its power is off when this returns."""
        self.inside("systemctl", "poweroff")
        if not wait_until(lambda: self.run("kill", "-0", str(self._nspawn))[0] != 0, BOOT_SECONDS):
            raise LabError(T("{name} does not shut down", name=named(self.name)))
        self._forget_boot()

    def _forget_boot(self) -> None:
        """What a boot leaves in the machine's network."""
        self._nspawn, self._init = 0, ""
        self.run("ip", "link", "del", "dev", self.member.nic)
        self.run("nft", "flush", "ruleset")

    def freeze(self) -> None:
        """Stop all its processes at once, as a hypervisor pauses a machine (cgroups(7), cgroup.freeze)."""
        self._set_frozen("1")

    def thaw(self) -> None:
        """Let them run on."""
        self._set_frozen("0")

    def _set_frozen(self, value: str) -> None:
        self.do("sh", "-c", 'echo "$1" >"$0/payload/cgroup.freeze"', f"{_CGROUPS}/{self._cgroup}", value)

    # --- Programs in it ---

    def inside(self, *arguments: str) -> tuple[int, str]:
        """Run a program in the booted system to its end; its exit status and output."""
        if not self._init:
            return 1, ""
        return self.run(*self._enter(), *arguments)

    def _enter(self) -> list[str]:
        """What runs the following words in the booted system, in root's home."""
        return ["nsenter", "--target", self._init, "--all", "sh", "-c", 'cd && exec "$@"', "sh"]

    def succeed(self, *arguments: str) -> str:
        """Run a program in the booted system that has to succeed; what it wrote."""
        status, output = self.inside(*arguments)
        assert status == 0, f"{self.name}: {' '.join(arguments)}: status {status}: {output}"
        return output

    def shell(self, line: str) -> tuple[int, str]:
        """Run a line of shell in the booted system."""
        return self.inside("sh", "-c", line)

    def start_shell(self, line: str) -> subprocess.Popen[str]:
        """Start a line of shell in the booted system, with pipes of its own."""
        return subprocess.Popen(
            self.command(*self._enter(), "sh", "-c", line),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=minimal_environment(),
            start_new_session=True,
        )

    # --- As the rehearsal's scenarios call it ---

    def start_haproxy(self) -> None:
        self.inside("systemctl", "start", "haproxy")

    def stop_haproxy(self) -> None:
        self.inside("systemctl", "stop", "haproxy")

    @property
    def haproxy_start(self) -> float:
        """When its HAProxy was up, on the monotonic clock; 0 where it is not."""
        properties = "--property=ActiveState,ActiveEnterTimestampMonotonic"
        status, said = self.inside("systemctl", "show", properties, "haproxy")
        # systemd may not answer yet.
        found = {} if status else dict(line.split("=", 1) for line in said.splitlines())
        return int(found["ActiveEnterTimestampMonotonic"]) / 1e6 if found.get("ActiveState") == "active" else 0.0

    def start_keepalived(self) -> None:
        self.inside("systemctl", "start", "--no-block", "keepalived")

    def stop_keepalived(self) -> None:
        self.inside("systemctl", "stop", "--no-block", "keepalived")

    @property
    def keepalived_log(self) -> str:
        return self.inside("journalctl", "--boot", "--unit=keepalived", "--output=cat", "--no-pager")[1]

    def ask_socket(self, path: str, question: str) -> str | None:
        return super().ask_socket(f"{_ROOT}{path}", question)

    def kill_inside(self, number: int) -> None:
        """SIGKILL, as seen from outside."""
        self.run("kill", f"-{signal.SIGKILL}", str(number))
