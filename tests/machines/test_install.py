"""install.sh on servers that boot: Debian's packages and systemd, and a site with a mirror or without one."""

from __future__ import annotations

import random
import shlex
import subprocess

import pytest

from kkplan.lab.pair_lab import wait_until
from tests.machines.conftest import Pairs
from tests.machines.pair import BUNDLE, VIP, BootedPair
from tests.machines.server import BootedServer

FILES = {
    "haproxy.cfg": "/etc/haproxy/haproxy.cfg",
    "keepalived.conf": "/etc/keepalived/keepalived.conf",
    "check-haproxy.sh": "/etc/keepalived/check-haproxy.sh",
    "kkplan-restart.conf": "/etc/systemd/system/keepalived.service.d/kkplan-restart.conf",
    "kkplan-haproxy.conf": "/etc/systemd/system/haproxy.service.d/kkplan-haproxy.conf",
}
FITTED = ("keepalived.conf", "kkplan-restart.conf")
PROPERTIES = "ActiveState,UnitFileState,MainPID,ActiveEnterTimestampMonotonic"
MEDIUM = "/media/packages"


def state(server: BootedServer) -> frozenset[str]:
    """What install.sh may change, in lines: files, with their times; packages; services."""
    # Not the times of folders: Ansible and SSH keep things of their own in some.
    kept = "! -path '*/.ansible*' ( -type d -printf '%p %m %u %g\\n' -o -printf '%p %m %u %g %T@ %l\\n' )"
    files = server.inside("find", "/etc", "/root", "/var/lib/kkplan", "/usr/local", "/tmp", *shlex.split(kept))[1]
    sums = server.shell("find /etc /root /var/lib/kkplan -type f ! -path '*/.ansible*' -exec sha256sum {} +")[1]
    packages = server.succeed("dpkg-query", "--show", "--showformat=${Package} ${Version} ${Status}\\n")
    services = server.inside("systemctl", "show", f"--property={PROPERTIES}", "haproxy", "keepalived")[1]
    return frozenset(f"{files}\n{sums}\n{packages}\n{services}".splitlines())


def installed(pair: BootedPair, name: str, *arguments: str) -> str:
    status, said = pair.install(name, *arguments)
    assert status == 0, said
    return said


def refused(pair: BootedPair, name: str, message: str) -> str:
    status, said = pair.install(name)
    assert status == 1, said
    assert message in said
    return said


def planned_files(server: BootedServer) -> list[bool]:
    """For each file whether it is the planned one; those that install.sh fits to an older Keepalived have a mark only."""
    lines = [
        f"grep -q 'Made by kkplan' {place}" if file in FITTED else f"cmp -s {place} {BUNDLE}/{server.name}/{file}"
        for file, place in FILES.items()
    ]
    return [server.shell(line)[0] == 0 for line in lines]


def in_place(pair: BootedPair, name: str) -> bool:
    """Whether the server has the planned files, and its own Keepalived takes them."""
    server = pair.lbs[name]
    return all(planned_files(server)) and server.shell(f"keepalived -t -l -f {FILES['keepalived.conf']}")[0] == 0


def serves(pair: BootedPair) -> bool:
    """Whether a client gets an answer from the VIP, and exactly one server has it."""
    ask = f"import ssl,urllib.request as u;c=ssl._create_unverified_context();print(u.urlopen('https://{VIP}:6443/readyz',timeout=2,context=c).read())"
    return wait_until(lambda: len(pair.holders()) == 1 and "ok" in pair.client.run("python3", "-c", ask)[1], 15)


def services(server: BootedServer) -> str:
    said = [
        server.inside("systemctl", verb, name)[1].strip()
        for name in ("haproxy", "keepalived")
        for verb in ("is-active", "is-enabled")
    ]
    return " ".join(said)


@pytest.mark.short
def test_installs_again_and_uninstalls(fresh_pair: Pairs) -> None:
    pair = fresh_pair()
    lb1, lb2 = pair.lbs.values()
    before = state(lb1)
    assert "would install: haproxy keepalived" in installed(pair, "lb1", "--dry-run")
    assert state(lb1) ^ before == frozenset()

    assert f"the VIP {VIP} is on this server (lb1)" in installed(pair, "lb1")
    said = installed(pair, "lb2")
    assert f"the VIP {VIP} is on lb1; this server (lb2) is a backup" in said
    assert serves(pair)
    for name, server in pair.lbs.items():
        assert in_place(pair, name)
        assert services(server) == "active enabled active enabled"

    for arguments in ((), ("--dry-run",)):
        for name, server in pair.lbs.items():
            before = state(server)
            assert "all files are in place already" in installed(pair, name, *arguments)
            assert state(server) ^ before == frozenset()

    for name, server in pair.lbs.items():
        assert "packages, firewall rules and SELinux settings stay" in installed(pair, name, "--uninstall")
        assert services(server) == "inactive disabled inactive disabled"
        assert server.shell(f"cat {' '.join(FILES.values())}")[0] != 0
        # The package's own file is back.
        assert server.inside("dpkg", "--verify", "haproxy", "keepalived")[1] == ""
    assert pair.holders() == ()
    for name in pair.lbs:
        installed(pair, name)
    assert serves(pair)
    assert (lb1.holds(VIP), lb2.holds(VIP)) == (True, False)


def test_the_guides_files(fresh_pair: Pairs) -> None:
    """They are all that is needed, with psmisc; the VIP moves when HAProxy stops."""
    pair = fresh_pair("--lb-files", "guide")
    lb1, lb2 = pair.lbs.values()
    assert "would install: haproxy keepalived psmisc" in installed(pair, "lb1", "--dry-run")
    assert f"the VIP {VIP} is on this server (lb1)" in installed(pair, "lb1")
    assert f"the VIP {VIP} is on lb1" in installed(pair, "lb2")
    assert serves(pair)
    for name, server in pair.lbs.items():
        assert server.shell(f"ls {FILES['check-haproxy.sh']} {FILES['kkplan-restart.conf']}")[0] != 0
        assert services(server) == "active enabled active enabled"
        assert "all files are in place already" in installed(pair, name)
    lb1.succeed("systemctl", "stop", "haproxy")
    assert wait_until(lambda: lb2.holds(VIP), 10)
    assert serves(pair)
    lb1.succeed("systemctl", "start", "haproxy")
    for name, server in pair.lbs.items():
        assert "packages, firewall rules and SELinux settings stay" in installed(pair, name, "--uninstall")
        assert services(server) == "inactive disabled inactive disabled"
    assert pair.holders() == ()


def test_site_without_a_mirror(fresh_pair: Pairs) -> None:
    """apt reaches nothing, and the packages come from a medium."""
    pair = fresh_pair()
    for name, server in pair.lbs.items():
        server.write_file("/etc/apt/sources.list", "deb http://deb.debian.org/debian stable main\n")
        before = state(server)
        refused(pair, name, "Offline: install the packages by hand, then run this again")
        assert state(server) ^ before == frozenset()
        server.copy_in(pair.root_fs.archive, MEDIUM)
        server.write_file("/etc/apt/sources.list", f"deb [trusted=yes] file:{MEDIUM} ./\n")
        server.succeed("apt-get", "update")
        server.succeed("apt-get", "install", "-y", "-q", "haproxy", "keepalived")
        assert f"the VIP {VIP} is on" in installed(pair, name)
    assert serves(pair)


# --- Interrupted ---


def has_old_or_new_files(server: BootedServer) -> bool:
    """Whether the files are all those of the plan, or none."""
    planned = planned_files(server)
    return all(planned) or not any(planned)


def test_disk_that_fills(fresh_pair: Pairs) -> None:
    """Wherever install.sh runs out of space, it says so, and the same command ends the work once there is some."""
    pair = fresh_pair()
    server = pair.lbs["lb1"]
    for free_mib in (2, 20, 30, 40, 50, 60):
        server.fill_disk(free_mib << 20)
        status, said = pair.install("lb1")
        if not status:
            break
        assert "error: " in said or "No space left" in said, said
        server.free_disk()
    # Packages are there now; what is left is the files, at each kilobyte.
    installed(pair, "lb1")
    installed(pair, "lb1", "--uninstall")
    refusals = 0
    for free_kib in (0, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 64):
        server.fill_disk(free_kib << 10)
        status, said = pair.install("lb1")
        refusals += status != 0
        if status:
            assert has_old_or_new_files(server), said
        server.free_disk()
        installed(pair, "lb1")
        assert in_place(pair, "lb1")
        installed(pair, "lb1", "--uninstall")
    assert refusals
    installed(pair, "lb1")
    assert serves(pair)


@pytest.mark.parametrize("how", ["killed", "hung up", "power lost"])
def test_interrupted_at_a_random_moment(fresh_pair: Pairs, how: str) -> None:
    pair = fresh_pair()
    server = pair.lbs["lb1"]
    longest = 20.0
    for attempt in range(6):
        seconds = random.uniform(0, longest if attempt < 3 else 4)
        run = server.start_shell(f"sh {BUNDLE}/install.sh")
        try:
            run.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            interrupt(pair, server, how)
            said = run.communicate(timeout=60)[0]
        else:
            assert run.returncode == 0
            said = ""
        if how == "hung up":
            assert has_old_or_new_files(server), said
        again = pair.install("lb1")
        assert again[0] == 0, f"after {seconds:.2f} s: {again[1]}"
        assert in_place(pair, "lb1")
        if attempt >= 2:
            installed(pair, "lb1", "--uninstall")
    installed(pair, "lb1")
    installed(pair, "lb2")
    assert serves(pair)


def interrupt(pair: BootedPair, server: BootedServer, how: str) -> None:
    if how == "power lost":
        pair.switch_off(server.name)
        pair.switch_on(server.name)
        server.wait_for_boot()
    else:
        server.run("pkill", "-KILL" if how == "killed" else "-HUP", "-f", f"^sh {BUNDLE}/install.sh")
