"""A server to try install.sh on: a machine with a root folder of its own, as it is after HAProxy's and Keepalived's
packages were installed.

The root is an overlay over the host's: what is written there is the machine's alone, and its every change can be
seen in one folder. Programs are the host's, but for stand-ins (tests/stand_ins) for those that reach out: systemctl,
the package managers, firewalls and SELinux. Needs root.
"""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from kkplan.disk.bundle_folder import with_sums
from kkplan.plan.artifact import Artifact
from tests.lb_programs import Machine, reason_to_skip, write_bundle

STAND_INS = Path(__file__).parent / "stand_ins"
SELINUX = ("getenforce", "getsebool", "setsebool", "semanage", "chcon")
PACKAGE_MANAGERS = ("apt-get", "dnf", "yum", "zypper")
BUNDLE = "/root/kkplan-lb"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# The machine's /run is a tmpfs already. The changes stay within reach in /run/changes of the new root. /etc is a copy:
# through the overlay, what someone installs on the host meanwhile would be seen.
_NEW_ROOT = """
mkdir /run/changes /run/work /run/root
mount -t overlay overlay -o lowerdir=/,upperdir=/run/changes,workdir=/run/work /run/root
cp -a /etc /run/etc
mount --bind /run/etc /run/root/etc
cd /run/root
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs -o mode=0755 tmpfs run
mkdir run/changes run/conditions run/old
mount --bind /run/changes run/changes
pivot_root . run/old
cd /
umount -l /run/old
rmdir /run/old
"""
_OVERLAY_TRIAL = "mount -t tmpfs t /run && mkdir /run/u /run/w /run/m && mount -t overlay o -o lowerdir=/,upperdir=/run/u,workdir=/run/w /run/m"


def reason_to_skip_servers() -> str:
    """Why these servers cannot be had here; "" when they can."""
    reason = reason_to_skip("haproxy", "keepalived", "pivot_root", "ss", "pgrep")
    if reason:
        return reason
    trial = subprocess.run(
        ["unshare", "--mount", "sh", "-c", _OVERLAY_TRIAL], capture_output=True, text=True, check=False
    )
    return f"the kernel refuses an overlay over /: {trial.stderr.strip()}" if trial.returncode else ""


@dataclass(frozen=True)
class Entry:
    """What is at a path.

    Attributes:
        content: of a file, or the target of a link.
        modified: in nanoseconds; 0 where it does not matter.
    """

    mode: int
    owner: int
    group: int
    content: bytes
    modified: int


class FreshServer(Machine):
    """A server with a root folder of its own.

    Attributes:
        root: its root folder, seen from the test.
    """

    def __init__(self, bundle: Iterable[Artifact], folder: str = BUNDLE) -> None:
        super().__init__()
        self.do(" && ".join(_NEW_ROOT.strip().splitlines()))
        self.root = Path(f"/proc/{self.pid}/root")
        self._folder = folder
        write_bundle(with_sums(tuple(bundle)), self.root / folder[1:])
        self.do(f"rm -f /usr/bin/apt-get {' '.join(f'/etc/{name}/*' for name in ('keepalived', 'haproxy'))} || true")
        self.do("rm -rf /var/lib/kkplan /etc/systemd/system/keepalived.service.d /etc/systemd/system/haproxy.service.d")
        self.do("rm -f /etc/systemd/system/multi-user.target.wants/haproxy.service")
        self.do("rm -f /etc/systemd/system/multi-user.target.wants/keepalived.service")
        self.do("mkdir -p /opt/packages /etc/systemd/system/multi-user.target.wants")
        self.add_stand_in("systemctl")

    def add_stand_in(self, *names: str, program: str = "") -> None:
        """Put a program of tests/stand_ins in front of the real one; `program` where it has another name."""
        for name in names:
            target = self.root / "usr/local/sbin" / name
            target.write_bytes((STAND_INS / (program or name)).read_bytes())
            target.chmod(0o755)

    def pretend_keepalived(self, version: str) -> None:
        """Let keepalived report this version; all else is the host's."""
        script = f"""#!/bin/sh
case $* in
*--version*) echo 'Keepalived v{version} (07/13,2020)' >&2 ;;
*) exec /usr/sbin/keepalived "$@" ;;
esac
"""
        self.write_text("/usr/local/sbin/keepalived", script, 0o755)

    def accept_edits(self, name: str = "lb1") -> None:
        """Run what install.sh advises to accept edited files."""
        self.do(f"(cd {quote(self._folder)} && sha256sum install.sh {name}/* >SHA256SUMS)")

    def set_condition(self, name: str, holds: bool = True) -> None:
        """Make something so, as the stand-ins have it: "offline", "pause at restart haproxy"."""
        path = self.root / "run/conditions" / name
        if holds:
            path.touch()
        else:
            path.unlink()

    def remove_packages(self, *programs: str) -> None:
        """Leave them for a package manager to install."""
        for program in programs:
            self.do(f"mv $(readlink -f $(PATH={PATH} command -v {program})) /opt/packages/{program}")
        self.do("hash -r")

    def command_line(self, arguments: str = "", shell: str = "", cwd: str = "/") -> str:
        """The line of shell that runs install.sh."""
        return f"cd {quote(cwd)} && PATH={PATH} {shell} {quote(self._folder)}/install.sh {arguments}"

    def install(self, arguments: str = "", shell: str = "", cwd: str = "/") -> tuple[int, str]:
        """Run install.sh to its end; its exit status, and what it wrote to either output."""
        return self.run(f"({self.command_line(arguments, shell, cwd)})")

    def start_install(self, arguments: str = "") -> subprocess.Popen[str]:
        """Run install.sh while the test goes on."""
        return subprocess.Popen(
            self.command(
                "sh",
                "-c",
                f"exec 2>&1; {self.command_line(arguments).replace('PATH=', 'exec env --default-signal=INT,HUP PATH=')}",
            ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )

    def write_text(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file of the server."""
        target = self.root / path[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        target.chmod(mode)

    def read(self, path: str) -> str:
        """A file of the server."""
        return (self.root / path[1:]).read_text(encoding="utf-8")

    def calls(self) -> list[str]:
        """What the stand-ins were called with so far, but for questions about services."""
        log = self.root / "run/stand-ins.log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return [line for line in lines if not line.startswith("systemctl is-")]

    def services(self) -> dict[str, str]:
        """What runs, and what starts at boot."""
        states = {}
        for name in ("haproxy", "keepalived"):
            active = self.run(f"pgrep -x {name}")[0] == 0
            enabled = self.run(f"test -L /etc/systemd/system/multi-user.target.wants/{name}.service")[0] == 0
            states[name] = f"{'active' if active else 'inactive'} {'enabled' if enabled else 'disabled'}"
        return states

    def holds(self, vip: str) -> bool:
        """Whether it has the VIP now."""
        return f" {vip}/" in self.do("ip -o addr show")

    def changes(self) -> dict[str, Entry]:
        """Everything that differs from the host's root, /etc and /run: to see that nothing has changed since."""
        runtime = self.root / "run"
        found = entries(runtime / "changes", times=True)
        folders = {
            "/run": entries(
                runtime, times=True, leave_out=("changes", "stand-ins.log", "haproxy.log", "keepalived.log")
            ),
            "/etc": entries(self.root / "etc", times=True),
        }
        for folder, inside in folders.items():
            found.update({f"{folder}{path}": entry for path, entry in inside.items()})
        return found

    def configuration(self) -> dict[str, Entry]:
        """Everything in /etc."""
        return entries(self.root / "etc")

    def backups(self) -> list[str]:
        """The names in /var/lib/kkplan."""
        folder = self.root / "var/lib/kkplan"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def entries(folder: Path, times: bool = False, leave_out: tuple[str, ...] = ()) -> dict[str, Entry]:
    """What is below a folder. Without `times`, only files have one: a folder's changes when a file comes and goes."""
    found: dict[str, Entry] = {}
    waiting = [path for path in folder.iterdir() if path.name not in leave_out]
    while waiting:
        path = waiting.pop()
        status = path.lstat()
        is_file = stat.S_ISREG(status.st_mode)
        content = b""
        if is_file:
            content = path.read_bytes()
        elif stat.S_ISLNK(status.st_mode):
            content = bytes(path.readlink())
        elif stat.S_ISDIR(status.st_mode):
            waiting += path.iterdir()
        modified = status.st_mtime_ns if is_file or times else 0
        key = f"/{path.relative_to(folder)}"
        found[key] = Entry(status.st_mode, status.st_uid, status.st_gid, content, modified)
    return found
