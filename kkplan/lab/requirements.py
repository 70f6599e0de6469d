"""The requirements of a lab."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from kkplan.invocation import sudo_command
from kkplan.lab.machine import LabError, Machine, MachineFiles, search_path
from kkplan.lab.pair import PairNetwork
from kkplan.locale import T, Text, named

# Program → Debian's package of it; SUSE names them the same, RHEL and openEuler name two of them differently.
_PACKAGES = {
    "haproxy": "haproxy",
    "keepalived": "keepalived",
    "ip": "iproute2",
    "bridge": "iproute2",
    "ss": "iproute2",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "pkill": "procps",
    "bash": "bash",
    "openssl": "openssl",
}
_KILLALL = re.compile(r"""^[ \t]*script[ \t]+["']?(?:/usr/bin/)?killall\b""", re.MULTILINE)
_RHEL_NAMES = {"iproute2": "iproute", "procps": "procps-ng"}
_OWN_IN_MACHINES = tuple(map(Path, ("/run", "/dev/shm")))  # noqa: S108
_FOLDERS = ("/etc/haproxy", "/etc/keepalived", "/var/lib/haproxy")


def missing_requirement(network: PairNetwork | None = None) -> Text | None:
    """What is missing for a lab, and how to get it; None if nothing is.

    Args:
        network: the pair to run; its health check may need a program more.
    """
    if not sys.platform.startswith("linux"):
        return T(
            "a rehearsal needs Linux, because it runs in network namespaces. Use any Linux machine or virtual machine"
        )
    needed = {**_PACKAGES, "killall": "psmisc"} if network is not None and _runs_killall(network) else _PACKAGES
    missing = [program for program in needed if shutil.which(program, path=search_path()) is None]
    if missing:
        packages = list(dict.fromkeys(needed[program] for program in missing))
        return T(
            "not installed: {programs}. Debian and Ubuntu: apt install {packages}; RHEL and openEuler: "
            "dnf install {rhel_packages}; SUSE: zypper install {packages}",
            programs=named(", ".join(missing)),
            packages=named(" ".join(packages)),
            rhel_packages=named(" ".join(_RHEL_NAMES.get(package, package) for package in packages)),
        )
    if os.geteuid() != 0:
        return T(
            "a rehearsal needs root to create namespaces. Run: sudo {program} rehearse … It changes nothing outside "
            "of them",
            program=named(sudo_command()),
        )
    if not Path("/proc/self/fd").is_dir():
        return T("/proc is not mounted. Run: mount -t proc proc /proc")
    folder = next((folder for folder in _FOLDERS if not Path(folder).is_dir()), None)
    if folder is not None:
        return T("folder {folder} does not exist. Install HAProxy and Keepalived as packages", folder=named(folder))
    return _hidden_folder() or _namespace_problem()


def _runs_killall(network: PairNetwork) -> bool:
    """Whether a health check is killall, as in KubeSphere's guide: Keepalived disables the check if it is missing."""
    return any(_KILLALL.search(file.content) for member in network.members for file in member.files)


def _hidden_folder() -> Text | None:
    """Whether machines have another folder in the place of the one with kkplan, or with its Python."""
    for file in map(Path, (sys.executable, __file__)):
        if any(file.resolve().is_relative_to(folder) for folder in _OWN_IN_MACHINES):
            return T(
                "kkplan runs from {folder}, which a rehearsal replaces in its machines. Install kkplan in another folder. "
                "The one-file kkplan unpacks below TMPDIR: set TMPDIR to another folder",
                folder=named(file.resolve().parent),
            )
    return None


class _Trial(Machine):
    """Start a machine like an LB server, to see whether the kernel allows it."""

    files_seen = MachineFiles.OWN


def _namespace_problem() -> Text | None:
    try:
        with _Trial() as machine:
            machine.do("ip", "link", "add", "type", "veth")
    except LabError as error:
        return T("{said}. Containers need --privileged; root of a user namespace is not enough", said=error.message)
    return None
