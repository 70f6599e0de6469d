"""install.sh of the bundle, run for real: on servers with a root of their own, with the real HAProxy and Keepalived."""

from __future__ import annotations

import re
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest

from kkplan.cluster.backend import Backend
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.disk.bundle_folder import with_sums
from kkplan.lab.pair_lab import wait_until
from kkplan.lab.switch import Switch
from kkplan.modes.keepalived.bundle import bundle
from kkplan.modes.keepalived.pair_settings import PairSettings
from kkplan.plan.artifact import Artifact
from tests.conftest import INSTALLATION
from tests.fresh_server import BUNDLE, PACKAGE_MANAGERS, SELINUX, STAND_INS, Entry, FreshServer, reason_to_skip_servers
from tests.lb_programs import Machine, write_bundle

reason = reason_to_skip_servers()
pytestmark = pytest.mark.skipif(bool(reason), reason=reason or "can run")
needs_killall = pytest.mark.skipif(shutil.which("killall") is None, reason="not installed: killall")

NETWORKS = {"ipv4": ("172.16.0.", 24), "ipv6": ("fd00:60::", 64)}
FAMILIES = tuple(NETWORKS)
VIP = "172.16.0.10"

HAPROXY_CFG = "/etc/haproxy/haproxy.cfg"
KEEPALIVED_CONF = "/etc/keepalived/keepalived.conf"
CHECK_SCRIPT = "/etc/keepalived/check-haproxy.sh"
RESTART_CONF = "/etc/systemd/system/keepalived.service.d/kkplan-restart.conf"
HAPROXY_RESTART_CONF = "/etc/systemd/system/haproxy.service.d/kkplan-haproxy.conf"
INSTALLED = (HAPROXY_CFG, KEEPALIVED_CONF, CHECK_SCRIPT, RESTART_CONF, HAPROXY_RESTART_CONF)

PACKAGE_HAPROXY_CFG = """# the file of the package
defaults
    mode http
    timeout connect 5s
    timeout client 5s
    timeout server 5s
frontend other
    bind 127.0.0.1:8888
"""
OTHER_KEEPALIVED_CONF = """vrrp_instance other {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        172.16.0.77/24
    }
}
"""
# Calls that change a service.
FRESH_CALLS = [
    "systemctl daemon-reload",
    "systemctl restart haproxy",
    "systemctl restart keepalived",
    "systemctl enable haproxy",
    "systemctl enable keepalived",
]


def settings(lb_count: int = 2, family: str = "ipv4") -> PairSettings:
    network, prefix = NETWORKS[family]
    return PairSettings(
        vip=Vip(f"{network}10", prefix),
        port=6443,
        virtual_router_id=60,
        lb_hosts=tuple(LbHost(f"lb{n}", f"{network}{n + 1}", "eth0") for n in range(1, lb_count + 1)),
        backends=(Backend("master1", f"{network}21"),),
        domain="lb.kubesphere.local",
        installation=INSTALLATION,
    )


class Site:
    """A switch, and what a test plugs into it; all of it ends with the test."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.switch = stack.enter_context(Switch())

    def server(
        self,
        number: int = 1,
        case: PairSettings | None = None,
        *,
        address: str = "",
        nic: str = "eth0",
        folder: str = BUNDLE,
        change: Callable[[Artifact], Artifact] = lambda artifact: artifact,
    ) -> FreshServer:
        """A fresh server with the plan's address of that LB server, where HAProxy's package is and does not run."""
        case = case or settings()
        server = self._stack.enter_context(FreshServer(map(change, bundle(case)), folder))
        server.write_text(HAPROXY_CFG, PACKAGE_HAPROXY_CFG)
        server.do("rm -f /run/stand-ins.log")
        own = address or case.lb_hosts[number - 1].address
        self.switch.plug(server, (f"{own}/{case.vip.prefix}",), nic)
        # Three requests without an answer take three seconds elsewhere.
        for family in FAMILIES:
            server.do(f"echo 50 >/proc/sys/net/{family}/neigh/{nic}/retrans_time_ms")
        return server

    def stranger(self, address: str) -> Machine:
        """Another machine, with that address and prefix."""
        machine = self._stack.enter_context(Machine())
        self.switch.plug(machine, (address,))
        return machine


@pytest.fixture
def site() -> Iterator[Site]:
    with ExitStack() as stack:
        yield Site(stack)


def succeeds(result: tuple[int, str]) -> str:
    status, output = result
    assert status == 0, output
    return output


def fails(result: tuple[int, str], message: str, status: int = 1) -> str:
    found, output = result
    assert found == status, output
    assert message in output
    return output


def refuses(server: FreshServer, message: str, arguments: str = "") -> str:
    """install.sh says so, and changes nothing at all."""
    before, calls, services = server.changes(), server.calls(), server.services()
    output = fails(server.install(arguments), message)
    assert server.changes() == before
    assert server.calls() == calls
    assert server.services() == services
    return output


def planned(number: int, case: PairSettings | None = None) -> dict[str, str]:
    """What is to be in place on that LB server."""
    texts = {artifact.path: artifact.content for artifact in bundle(case or settings())}
    return {path: texts[f"lb{number}/{path.rpartition('/')[2]}"] for path in INSTALLED}


def in_place(server: FreshServer) -> dict[str, str]:
    return {path: server.read(path) for path in INSTALLED}


def without_times(found: dict[str, Entry]) -> dict[str, Entry]:
    return {path: replace(entry, modified=0) for path, entry in found.items()}


# --- Installing, installing again, uninstalling ---


@pytest.mark.parametrize("shell", ["", "busybox sh", "bash --posix"])
def test_installs_then_does_nothing_then_uninstalls(site: Site, shell: str) -> None:
    if shell and shutil.which(shell.split()[0]) is None:
        pytest.skip(f"not installed: {shell.split()[0]}")
    server = site.server()
    before = server.configuration()
    server.do("umask 077")

    output = succeeds(server.install(shell=shell))
    assert "this server is lb1 (172.16.0.2 on eth0)" in output
    assert "both files are valid for the installed programs" in output
    assert f"the VIP {VIP} is on this server (lb1)" in output
    assert server.holds(VIP)
    assert in_place(server) == planned(1)
    found = server.configuration()
    for path in INSTALLED:
        entry = found[path.removeprefix("/etc")]
        assert (oct(entry.mode), entry.owner, entry.group) == (f"0o100{'755' if path == CHECK_SCRIPT else '644'}", 0, 0)
    for folder, mode in {"/etc/systemd/system/keepalived.service.d": 0o755, "/var/lib/kkplan": 0o700}.items():
        assert stat.S_IMODE((server.root / folder[1:]).stat().st_mode) == mode
    assert server.calls() == FRESH_CALLS
    assert server.services() == {"haproxy": "active enabled", "keepalived": "active enabled"}

    changes, calls = server.changes(), server.calls()
    output = succeeds(server.install("--host lb1", shell=shell))
    assert "all files are in place already" in output
    assert server.changes() == changes
    assert server.calls() == calls

    output = succeeds(server.install("--uninstall", shell=shell))
    assert "packages, firewall rules and SELinux settings stay" in output
    # The VIP moves before HAProxy goes.
    assert server.calls()[len(calls) :][:2] == ["systemctl daemon-reload", "systemctl stop keepalived"]
    assert server.configuration() == before
    assert server.services() == {"haproxy": "inactive disabled", "keepalived": "inactive disabled"}
    assert not server.holds(VIP)
    refuses(server, "there is no backup", "--uninstall")


def test_second_server_stands_by_and_takes_over_from_a_crash(site: Site) -> None:
    first, second = site.server(1), site.server(2)
    succeeds(first.install())
    output = succeeds(second.install())
    assert f"the VIP {VIP} is on lb1; this server (lb2) is a backup" in output
    assert in_place(second) == planned(2)
    assert (first.holds(VIP), second.holds(VIP)) == (True, False)

    # The kernel keeps the address of a killed Keepalived; the drop-in has it started again, and it cleans up.
    # Stopped first: when the parent dies, the kernel sends its children SIGTERM, and they give the VIP up.
    assert f" {VIP}/" in first.do("pkill -STOP -x keepalived && pkill -KILL -x keepalived && ip -o addr show")
    assert wait_until(lambda: second.holds(VIP), 15)
    assert wait_until(lambda: not first.holds(VIP), 15)
    assert first.services()["keepalived"] == "active enabled"

    output = succeeds(first.install())
    assert "all files are in place already" in output
    assert f"the VIP {VIP} is on lb2; this server (lb1) is a backup" in output


def test_three_servers_with_ipv6_at_the_same_time(site: Site) -> None:
    case = settings(3, "ipv6")
    servers = [site.server(number, case) for number in (1, 2, 3)]
    succeeds(servers[0].install())
    with ThreadPoolExecutor() as pool:
        outputs = [succeeds(result) for result in pool.map(FreshServer.install, servers[1:])]
    for name, output in zip(("lb2", "lb3"), outputs, strict=True):
        assert f"the VIP fd00:60::10 is on lb1; this server ({name}) is a backup" in output
    assert [server.holds("fd00:60::10") for server in servers] == [True, False, False]


def test_uninstall_brings_files_and_services_back_as_they_were(site: Site) -> None:
    server = site.server()
    server.write_text(KEEPALIVED_CONF, OTHER_KEEPALIVED_CONF, 0o640)
    server.do(f"chown 1:2 {KEEPALIVED_CONF} && touch -d 2020-01-02 {KEEPALIVED_CONF} {HAPROXY_CFG}")
    server.do(f"mv {HAPROXY_CFG} /srv/ours.cfg && ln -s ../../srv/ours.cfg {HAPROXY_CFG}")
    server.write_text(RESTART_CONF, "# the site's own\n")
    server.do(
        "PATH=/usr/local/sbin:$PATH; systemctl restart haproxy && systemctl enable haproxy && rm /run/stand-ins.log"
    )
    before, services = server.configuration(), server.services()
    assert services == {"haproxy": "active enabled", "keepalived": "inactive disabled"}

    succeeds(server.install())
    assert in_place(server) == planned(1)
    assert server.read("/srv/ours.cfg") == PACKAGE_HAPROXY_CFG
    server.do(f"echo '# by hand' >>{KEEPALIVED_CONF}")
    succeeds(server.install("--uninstall"))
    assert server.configuration() == before
    assert server.services() == services
    assert server.do(": </dev/tcp/127.0.0.1/8888") == ""
    # What someone has changed by hand is not lost.
    (backup,) = server.backups()
    assert "# by hand" in server.read(f"/var/lib/kkplan/{backup}/uninstalled/keepalived.conf")


def test_each_installation_has_its_backup_and_restarts_only_what_changed(site: Site) -> None:
    server = site.server()
    before = server.configuration()
    succeeds(server.install())
    for number, (path, calls) in enumerate(
        {"haproxy.cfg": ["systemctl restart haproxy"], "keepalived.conf": ["systemctl restart keepalived"]}.items(), 2
    ):
        server.do(f"rm /run/stand-ins.log && echo '# {path}' >>{BUNDLE}/lb1/{path}")
        server.accept_edits()
        output = succeeds(server.install())
        assert f"backup of the previous files: /var/lib/kkplan/backup-000{number}-" in output
        assert server.calls() == calls
        assert server.backups()[-1].startswith(f"backup-000{number}-")
    # Back step by step: each to what was there before that installation.
    succeeds(server.install("--uninstall"))
    assert "# keepalived.conf" not in server.read(KEEPALIVED_CONF)
    assert "# haproxy.cfg" in server.read(HAPROXY_CFG)
    assert server.services() == {"haproxy": "active enabled", "keepalived": "active enabled"}
    succeeds(server.install("--uninstall"))
    assert in_place(server) == planned(1)
    succeeds(server.install("--uninstall"))
    assert server.configuration() == before
    assert [name.partition("-0")[0] for name in server.backups()] == ["restored-backup"] * 3


def test_running_again_mends_what_is_stopped_or_disabled(site: Site) -> None:
    server = site.server()
    succeeds(server.install())
    server.do("PATH=/usr/local/sbin:$PATH; systemctl disable --now keepalived; systemctl disable --now haproxy")
    server.do("rm /run/stand-ins.log")
    output = succeeds(server.install())
    assert "all files are in place already" in output
    assert server.calls() == FRESH_CALLS[1:]
    assert server.services() == {"haproxy": "active enabled", "keepalived": "active enabled"}

    # HAProxy runs, with a file that somebody had there meanwhile.
    server.write_text("/run/other.cfg", PACKAGE_HAPROXY_CFG)
    server.do("pkill -x haproxy; while pgrep -x haproxy; do sleep 0.02; done; true")
    server.do("haproxy -W -D -f /run/other.cfg -p /run/haproxy.pid >/dev/null 2>&1; rm /run/stand-ins.log")
    succeeds(server.install())
    assert server.calls() == ["systemctl restart haproxy"]


@pytest.mark.parametrize("firewall", [True, False])
def test_dry_run_changes_nothing_at_all(site: Site, firewall: bool) -> None:
    server = site.server()
    server.write_text(KEEPALIVED_CONF, OTHER_KEEPALIVED_CONF)
    if firewall:
        server.add_stand_in("firewall-cmd", "ufw")
        server.add_stand_in(*SELINUX, program="selinux")
    else:
        server.remove_packages("haproxy", "keepalived")
        server.add_stand_in("dnf", program="package-manager")
    before = server.changes()
    output = succeeds(server.install("--dry-run"))
    assert server.changes() == before
    assert server.calls() == []
    assert "would back up and replace: /etc/haproxy/haproxy.cfg " in output
    assert ("both files are valid" in output) is firewall
    assert ("would install: haproxy keepalived" in output) is not firewall


@pytest.mark.parametrize(
    ("folder", "cwd", "shell"),
    [("/srv/the bundle's folder", "/", ""), ("/srv/relative", "/srv", "sh"), ("/etc/keepalived/new", "/", "")],
)
def test_runs_from_anywhere(site: Site, folder: str, cwd: str, shell: str) -> None:
    server = site.server(folder=folder)
    server.do("export CDPATH=/srv:/; umask 077")
    line = server.command_line("--dry-run", shell, cwd)
    assert "both files are valid" in server.do(f"({line.replace(' /srv/', ' ') if cwd == '/srv' else line})")


# --- Refusals ---


DAMAGE = {
    "a file was changed": "echo '# by hand' >>lb1/haproxy.cfg",
    "one byte was lost": "truncate -s -1 lb1/keepalived.conf",
    "the check script is of another version": "sed -i 's/0.8/0.9/' lb1/check-haproxy.sh",
    "the drop-in is empty": ": >lb1/kkplan-restart.conf",
    "install.sh is newer than the sums": "sed -i '$ a # new' install.sh",
    "a line is missing": "sed -i '/lb1.haproxy.cfg$/d' SHA256SUMS",
    "a line is there twice": "sed -i '/lb1.haproxy.cfg$/p' SHA256SUMS",
    "another sum for the same file": "sed -n 's/^.\\(.*lb1.haproxy.cfg\\)$/f\\1/p' SHA256SUMS >more; cat more >>SHA256SUMS; rm more",
    "a path of another form": "sed -i 's,  lb1/haproxy.cfg$,  ./lb1/haproxy.cfg,' SHA256SUMS",
    "the mark of a binary file": "sed -i 's, \\( lb1/haproxy.cfg\\)$, *lb1/haproxy.cfg,' SHA256SUMS",
    "capital letters": "sed -i '/lb1.haproxy.cfg$/s/[a-f]/\\U&/g' SHA256SUMS",
    "an empty list": ": >SHA256SUMS",
}


@pytest.mark.sampled(5)
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
@pytest.mark.parametrize("arguments", ["", "--dry-run"])
def test_refuses_files_that_do_not_match_their_sums(site: Site, damage: str, arguments: str) -> None:
    server = site.server()
    server.do(f"(cd {BUNDLE} && {damage})")
    others = server.do(f"grep lb2/ {BUNDLE}/SHA256SUMS || :")
    output = refuses(server, "does not match SHA256SUMS: run kkplan apply again", arguments)
    for _ in range(6):  # the advice is for one file, and a damaged list can have lost all of them
        advice = re.search(f"run this in {BUNDLE}: (.*)", output)
        if advice is None:
            break
        server.do(f"cd {BUNDLE} && {advice[1]}")
        output = server.install("--dry-run")[1]
    assert "does not match SHA256SUMS" not in output
    assert server.do(f"grep lb2/ {BUNDLE}/SHA256SUMS || :") == others


def test_refuses_without_sums_and_uninstalls_without_them(site: Site) -> None:
    server = site.server()
    succeeds(server.install())
    server.do(f"rm {BUNDLE}/SHA256SUMS")
    refuses(server, f"{BUNDLE}/SHA256SUMS is missing: copy it beside install.sh")
    succeeds(server.install("--uninstall"))


def test_sums_of_other_servers_files_do_not_matter(site: Site) -> None:
    server = site.server()
    server.do(f"rm -r {BUNDLE}/lb2 {BUNDLE}/README.md {BUNDLE}/ansible")
    succeeds(server.install())


def test_does_not_guess(site: Site) -> None:
    server = site.server(address="172.16.0.99")
    for arguments, message in {
        "": "this machine has none of the LB servers' addresses",
        "--host lb9": "unknown LB server lb9",
        "--host=lb9": "unknown LB server lb9",
        "--host": "--host needs a name",
        "--host lb1": "Check that it is lb1",
        "--uninstall": "there is no backup",
        "--now": "unknown argument: --now",
        "--uninstall --dry-run": "cannot be used with --uninstall",
    }.items():
        refuses(server, message, arguments)
    assert "Usage:" in succeeds(server.install("--help"))


def test_wants_root_and_systemd(site: Site) -> None:
    server = site.server()
    server.do("chmod 755 /root")
    before = server.changes()
    for arguments in ("", "--dry-run", "--uninstall"):
        line = server.command_line(arguments).replace("PATH=", "setpriv --reuid 65534 --clear-groups env PATH=")
        fails(server.run(f"({line})"), "this needs root")
    assert server.changes() == before
    server.set_condition("systemd does not run")
    refuses(server, "systemd is not running")
    server.do("rm /usr/bin/systemctl /usr/local/sbin/systemctl")
    refuses(server, "systemctl not found")


@pytest.mark.parametrize("file", ["", *(path.rpartition("/")[2] for path in INSTALLED)])
def test_bundle_is_incomplete(site: Site, file: str) -> None:
    server = site.server()
    server.do(f"rm -r {BUNDLE}/lb1/{file}")
    refuses(server, "copy the whole folder lb1 beside install.sh")


def test_nic_has_another_name(site: Site) -> None:
    server = site.server(nic="ens3")
    refuses(server, "NIC eth0 does not exist. The address is on ens3: plan again with --lb lb1=172.16.0.2,nic=ens3")
    server.do("ip link add eth0 type veth peer name cable")
    refuses(server, "NIC eth0 does not have the address 172.16.0.2. The address is on ens3")


def test_prefix_of_the_vip_is_not_the_servers(site: Site) -> None:
    server = site.server()
    server.do("ip addr del 172.16.0.2/24 dev eth0 && ip addr add 172.16.0.2/16 dev eth0")
    output = succeeds(server.install("--dry-run"))
    assert f"plan again with --address {VIP}/16" in output


@pytest.mark.parametrize("prober", ["bash", "ping"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_stranger_has_the_vip(site: Site, family: str, prober: str) -> None:
    case = settings(family=family)
    server = site.server(case=case)
    if prober == "ping":
        if shutil.which("ping") is None:
            pytest.skip("not installed: ping")
        server.remove_packages("bash")
    succeeds(server.install("--dry-run"))
    site.stranger(f"{case.vip.address}/{case.vip.prefix}")
    refuses(server, f"another machine already has the VIP {case.vip.address} (MAC address ")


def test_this_server_has_the_vip_and_no_keepalived(site: Site) -> None:
    server = site.server()
    server.do(f"ip addr add {VIP}/24 dev eth0")
    refuses(server, f"ip addr del {VIP}/24 dev eth0")


@pytest.mark.parametrize("port", [6443, 8404])
def test_another_program_has_the_port(site: Site, port: int) -> None:
    server = site.server()
    server.do(f"python3 -m http.server {port} --bind 127.0.0.1 >/dev/null 2>&1 &")
    assert wait_until(lambda: server.run(f": </dev/tcp/127.0.0.1/{port}")[0] == 0, 10)
    output = refuses(server, f"another program listens on port {port}")
    assert "python" in output


@pytest.mark.parametrize("file", ["haproxy.cfg", "keepalived.conf", "check-haproxy.sh"])
def test_an_installed_program_refuses_a_file(site: Site, file: str) -> None:
    server = site.server()
    if file == "check-haproxy.sh":
        # Script security: whoever may write the script is root one second later.
        server.do(f"sed -i s,{CHECK_SCRIPT},/srv/check.sh, {BUNDLE}/lb1/keepalived.conf")
        server.accept_edits()
        server.write_text("/srv/check.sh", "#!/bin/sh\n", 0o777)
        output = refuses(server, "insecure")
    else:
        server.do(f"echo unknown_keyword 1 >>{BUNDLE}/lb1/{file}")
        server.accept_edits()
        output = refuses(server, "unknown_keyword")
    assert "no file was replaced" in output


# --- Distributions: packages, firewalls, SELinux ---

APT_INSTALL = (
    "apt-get install -y -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef "
    "-o Dpkg::Options::=--force-confold haproxy keepalived"
)
LABEL = "-t keepalived_unconfined_script_exec_t /etc/keepalived/check-haproxy.sh"
SELINUX_CALLS = ("setsebool -P haproxy_connect_any 1", f"semanage fcontext -a {LABEL}", f"chcon {LABEL}")


def firewalld_calls(zone: str) -> tuple[str, ...]:
    """What opens firewalld on lb1 of three: for now, then for good."""
    calls = []
    for prefix in ("firewall-cmd --quiet", "firewall-cmd --quiet --permanent"):
        calls.append(f"{prefix} --zone={zone} --add-port=6443/tcp")
        for peer in ("172.16.0.3", "172.16.0.4"):
            rule = f'rule family="ipv4" source address="{peer}" protocol value="vrrp" accept'
            calls.append(f"{prefix} --zone={zone} --add-rich-rule={rule}")
    return tuple(calls)


@dataclass(frozen=True)
class Distribution:
    """A system to install on, and what is called there before the services are restarted.

    Attributes:
        conditions: what is so there, as tests/stand_ins have it.
    """

    manager: str
    conditions: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    firewalls: tuple[str, ...] = ()
    has_selinux: bool = False
    says: tuple[str, ...] = ()


DISTRIBUTIONS = {
    "Debian": Distribution(
        manager="apt-get",
        calls=("apt-get update", APT_INSTALL, "systemctl enable haproxy keepalived", "systemctl restart haproxy"),
    ),
    "Ubuntu": Distribution(
        manager="apt-get",
        firewalls=("ufw",),
        calls=(
            *("apt-get update", APT_INSTALL, "systemctl enable haproxy keepalived", "systemctl restart haproxy"),
            *("ufw allow 6443/tcp", "ufw allow proto vrrp from 172.16.0.3", "ufw allow proto vrrp from 172.16.0.4"),
        ),
        says=("ufw: TCP port 6443 is open, and VRRP from the other LB servers",),
    ),
    "Ubuntu, old": Distribution(
        manager="apt-get",
        firewalls=("firewall-cmd", "ufw"),
        conditions=("firewalld is inactive", "ufw is old"),
        calls=(
            *("apt-get update", APT_INSTALL, "systemctl enable haproxy keepalived", "systemctl restart haproxy"),
            *("ufw allow 6443/tcp", "ufw allow from 172.16.0.3", "ufw allow from 172.16.0.4"),
        ),
        says=("ufw: TCP port 6443 is open, and VRRP from the other LB servers",),
    ),
    "RHEL": Distribution(
        manager="dnf",
        firewalls=("firewall-cmd", "ufw"),
        conditions=("ufw is inactive",),
        has_selinux=True,
        calls=(
            "dnf install -y haproxy keepalived",
            *firewalld_calls("public"),
            *SELINUX_CALLS,
        ),
        says=(
            "firewalld: TCP port 6443 is open in zone public, and VRRP from the other LB servers",
            "SELinux: HAProxy may connect to any port, and Keepalived may run its check script",
        ),
    ),
    "RHEL, old": Distribution(
        manager="yum",
        firewalls=("firewall-cmd",),
        conditions=("firewalld has a zone for the NIC", "Keepalived is old"),
        has_selinux=True,
        calls=(
            "yum install -y haproxy keepalived",
            *firewalld_calls("lan"),
            *SELINUX_CALLS,
        ),
        says=(
            "warning: Keepalived 1.3.5 cannot check its file: --config-test exists since 2.0.4. HAProxy's file is valid",
        ),
    ),
    "SUSE": Distribution(
        manager="zypper",
        firewalls=("firewall-cmd", "ufw"),
        conditions=("firewalld refuses", "ufw refuses", "SELinux is disabled"),
        has_selinux=True,
        calls=(
            "zypper --non-interactive install haproxy keepalived",
            firewalld_calls("public")[0],
            "ufw allow 6443/tcp",
        ),
        says=(
            "warning: firewalld: open TCP port 6443, and VRRP (IP protocol 112) from the other LB servers, by hand",
            "warning: ufw: open TCP port 6443, and VRRP (IP protocol 112) from the other LB servers, by hand",
        ),
    ),
    "openEuler, nothing active": Distribution(
        manager="dnf",
        firewalls=("firewall-cmd", "ufw"),
        conditions=("firewalld is inactive", "ufw is inactive", "SELinux is disabled"),
        has_selinux=True,
        calls=("dnf install -y haproxy keepalived",),
    ),
}


@pytest.mark.parametrize("system", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS.keys())
def test_installs_on(site: Site, system: Distribution) -> None:
    server = site.server(case=settings(3))
    server.remove_packages("haproxy", "keepalived")
    server.add_stand_in(system.manager, program="package-manager")
    server.add_stand_in(*system.firewalls)
    if system.has_selinux:
        server.add_stand_in(*SELINUX, program="selinux")
    for condition in system.conditions:
        server.set_condition(condition)
    if "Keepalived is old" in system.conditions:
        server.do("mkdir /opt/real && mv /opt/packages/keepalived /opt/real/keepalived")
        server.do(f"install {STAND_INS}/old-keepalived /opt/packages/keepalived")
    if system.manager != "apt-get":
        # Debian's stand-in starts HAProxy, and has no file of its own for it. Elsewhere nothing at all was there.
        server.do(f"rm {HAPROXY_CFG}")
    before = server.configuration()

    output = succeeds(server.install())
    calls = server.calls()
    services = FRESH_CALLS[:3] if system.manager == "apt-get" else FRESH_CALLS
    assert calls == [*system.calls, *services]
    for words in system.says:
        assert words in output
    assert system.says or not re.search("firewalld|ufw|SELinux|warning", output), output
    assert server.holds(VIP)

    # Debian has started HAProxy with the package's file; it did not run before.
    succeeds(server.install("--uninstall"))
    assert server.services() == {"haproxy": "inactive disabled", "keepalived": "inactive disabled"}
    assert server.configuration() == before


@pytest.mark.parametrize("arguments", ["--dry-run", ""])
def test_keepalived_finds_the_files_of_its_package(site: Site, arguments: str) -> None:
    server = site.server()
    server.add_stand_in("keepalived", program="keepalived-2.3")
    server.write_text("/etc/keepalived/keepalived.config-opts", "# of the package\n")
    assert "both files are valid for the installed programs" in succeeds(server.install(arguments))


def test_installs_only_what_is_missing(site: Site) -> None:
    server = site.server()
    server.remove_packages("keepalived")
    server.add_stand_in("zypper", program="package-manager")
    server.set_condition("offline")
    fails(server.install(), "cannot install: keepalived. No file was replaced. Offline: install the packages by hand")
    assert server.calls() == ["zypper --non-interactive install keepalived"]


def test_services_that_a_failed_installation_has_started_are_stopped(site: Site) -> None:
    server = site.server()
    server.remove_packages("haproxy", "keepalived")
    server.add_stand_in("apt-get", program="package-manager")
    server.set_condition("broken-package")
    fails(server.install(), "cannot install: haproxy keepalived. No file was replaced")
    assert server.services() == {"haproxy": "inactive disabled", "keepalived": "inactive disabled"}


@pytest.mark.parametrize("manager", [*PACKAGE_MANAGERS, ""])
def test_offline(site: Site, manager: str) -> None:
    server = site.server()
    server.remove_packages("haproxy", "keepalived")
    server.set_condition("offline")
    if manager:
        server.add_stand_in(manager, program="package-manager")
    before = server.changes()
    fails(server.install(), "cannot install: haproxy keepalived. No file was replaced. Offline: install the packages")
    assert server.changes() == before


def test_package_has_no_program(site: Site) -> None:
    server = site.server()
    server.remove_packages("keepalived")
    server.do("mv /opt/packages/keepalived /srv/")
    server.add_stand_in("yum", program="package-manager")
    before = server.changes()
    fails(server.install(), "installed, but not found: keepalived")
    assert server.changes() == before


# --- Failures on the way ---


@pytest.mark.parametrize("service", ["haproxy", "keepalived"])
def test_a_service_does_not_start(site: Site, service: str) -> None:
    server = site.server()
    server.set_condition(f"{service} does not start")
    before = server.configuration()
    output = fails(server.install(), "the previous files were restored")
    assert f"see journalctl -u {service}" in output
    assert server.configuration() == before
    assert server.services() == {"haproxy": "inactive disabled", "keepalived": "inactive disabled"}
    assert server.backups() == []
    assert not (server.root / "run/kkplan-install.lock").is_symlink()


def test_haproxy_does_not_answer(site: Site) -> None:
    """Another one that listens on the same port keeps the old one running: /etc/default/haproxy names another file."""
    server = site.server()
    server.do(f"sed -i 's,{HAPROXY_CFG},/etc/haproxy/other.cfg,' /usr/local/sbin/systemctl")
    server.write_text("/etc/haproxy/other.cfg", PACKAGE_HAPROXY_CFG)
    server.do("PATH=/usr/local/sbin:$PATH; systemctl restart haproxy && systemctl enable haproxy")
    before, services = server.configuration(), server.services()
    fails(server.install(), "HAProxy does not answer on 127.0.0.1:8404")
    assert server.configuration() == before
    assert server.services() == services == {"haproxy": "active enabled", "keepalived": "inactive disabled"}


def interrupted(server: FreshServer, name: str, *moments: str) -> tuple[int, str]:
    """The installation gets a signal at each of these moments."""
    for moment in moments:
        server.set_condition(f"pause at {moment}")
    with server.start_install() as process:
        for moment in moments:
            assert wait_until((server.root / "run/paused").exists, 20)
            (server.root / "run/paused").unlink()
            server.do(f"kill -{name} $(readlink /run/kkplan-install.lock)")
            server.set_condition(f"pause at {moment}", False)
        output, _ = process.communicate(timeout=30)
    return process.returncode, output


@pytest.mark.parametrize(
    ("name", "moments"),
    [
        ("TERM", ("restart haproxy",)),
        ("INT", ("restart keepalived",)),
        ("HUP", ("enable keepalived",)),
        # The second one comes while the files are put back.
        ("INT", ("restart haproxy", "stop keepalived")),
    ],
)
def test_interrupted(site: Site, name: str, moments: tuple[str, ...]) -> None:
    server = site.server()
    before = server.configuration()
    fails(
        interrupted(server, name, *moments),
        "the previous files were restored",
        status=128 + signal.Signals[f"SIG{name}"],
    )
    assert server.configuration() == before
    assert server.services() == {"haproxy": "inactive disabled", "keepalived": "inactive disabled"}
    assert server.backups() == []
    assert not server.holds(VIP)


def test_killed_at_once_then_run_again(site: Site) -> None:
    """As after a power failure: what was there before is not mistaken for half of the new."""
    server = site.server()
    server.write_text(KEEPALIVED_CONF, OTHER_KEEPALIVED_CONF)
    before = server.configuration()
    interrupted(server, "KILL", "restart keepalived")
    assert server.backups() == ["unfinished"]
    assert wait_until(lambda: server.services()["keepalived"].startswith("active"), 5)

    changes = server.changes()
    output = succeeds(server.install("--dry-run"))
    assert "would first put back what an installation has replaced that was cut off" in output
    assert server.changes() == changes

    output = succeeds(server.install())
    assert "an installation was cut off; putting back what it has replaced" in output
    assert server.holds(VIP)
    assert in_place(server) == planned(1)
    succeeds(server.install("--uninstall"))
    assert server.configuration() == before
    assert server.services() == {"haproxy": "inactive disabled", "keepalived": "inactive disabled"}


def test_killed_at_once_then_uninstalled(site: Site) -> None:
    server = site.server()
    before = server.configuration()
    interrupted(server, "KILL", "restart haproxy")
    succeeds(server.install("--uninstall"))
    assert server.configuration() == before
    assert server.services() == {"haproxy": "inactive disabled", "keepalived": "inactive disabled"}


def test_nobody_reads_the_output_any_more(site: Site) -> None:
    server = site.server()
    before = server.configuration()
    assert "this server is lb1" in server.do(f"({server.command_line()}) | head -1")
    assert wait_until(lambda: server.run("ls /run/kkplan-install.lock")[0] != 0, 20)
    assert server.configuration() == before
    assert server.backups() == []


def test_two_at_the_same_time(site: Site) -> None:
    server = site.server()
    server.set_condition("pause at restart haproxy")
    with server.start_install() as first:
        assert wait_until((server.root / "run/paused").exists, 20)
        refuses(server, "another install.sh is running: process ")
        refuses(server, "another install.sh is running: process ", "--uninstall")
        server.set_condition("pause at restart haproxy", False)
        output, _ = first.communicate(timeout=30)
    assert first.returncode == 0, output
    assert server.holds(VIP)


@pytest.mark.parametrize("place", ["/etc/keepalived", "/var/lib/kkplan"])
def test_disk_is_full(site: Site, place: str) -> None:
    """Two pages: not enough for both files that go there."""
    server = site.server()
    server.do(f"mkdir -p {place} && mount -t tmpfs -o mode=0755,size=4k tmpfs {place}")
    before = server.configuration()
    said = (
        "No space left on device" if place == "/etc/keepalived" else "cannot make a backup in /var/lib/kkplan; no file"
    )
    output = fails(server.install(), said)
    assert server.configuration() == before
    assert ("the previous files were restored" in output) is (place == "/etc/keepalived")
    assert server.calls() == []
    assert server.backups() == []


def test_no_server_gets_the_vip(site: Site) -> None:
    server = site.server()
    server.do(
        f"sed -i 's/virtual_router_id.*/&\\n    dont_track_primary\\n    track_interface {{ cable }}/' {BUNDLE}/lb1/keepalived.conf"
    )
    server.accept_edits()
    server.do("ip link add cable type veth peer name other")
    output = fails(server.install(), f"no LB server holds the VIP {VIP}; see journalctl -u keepalived")
    assert "the previous files were restored" in output
    assert server.read(HAPROXY_CFG) == PACKAGE_HAPROXY_CFG
    assert not (server.root / KEEPALIVED_CONF[1:]).exists()
    assert server.services()["keepalived"].startswith("inactive")


@pytest.mark.parametrize(("lb_count", "version"), [(2, ""), (2, "2.1.5"), (5, "2.1.5")])
def test_both_servers_have_the_vip(site: Site, lb_count: int, version: str) -> None:
    """Also with an old Keepalived, which takes over later, most of all with the lowest priority; the machine is slow."""
    case = settings(lb_count)
    first, second = site.server(1, case), site.server(lb_count, case)
    if version:
        first.pretend_keepalived(version)
        second.pretend_keepalived(version)
    succeeds(first.install())
    # Stands for a firewall: the other one's adverts are not for this router.
    name = f"lb{lb_count}"
    second.do(f"sed -i '2i sleep 0.7' {BUNDLE}/{name}/check-haproxy.sh")
    second.do(f"sed -i 's/virtual_router_id 60/virtual_router_id 61/' {BUNDLE}/{name}/keepalived.conf")
    second.accept_edits(name)
    output = fails(second.install(), f"this server ({name}) has taken the VIP 172.16.0.10, which lb1 held")
    assert (f"Keepalived {version} is older than 2.2.3" in output) is bool(version)
    # It gives the VIP up again, and does not come back at the next boot.
    assert wait_until(lambda: not second.holds(VIP), 10)
    assert second.services()["keepalived"] == "inactive disabled"
    assert first.holds(VIP)


def test_a_file_that_others_may_write_is_not_in_place(site: Site) -> None:
    """Keepalived would not run the check script, and the VIP would never move."""
    server = site.server()
    succeeds(server.install())
    server.do("chmod 0777 /etc/keepalived/check-haproxy.sh && chmod 0600 /etc/keepalived/keepalived.conf")
    assert "replaced: /etc/keepalived/check-haproxy.sh /etc/keepalived/keepalived.conf" in succeeds(server.install())
    assert server.do("stat -c %a /etc/keepalived/check-haproxy.sh /etc/keepalived/keepalived.conf") == "755\n644\n"
    assert "all files are in place already" in succeeds(server.install())


@pytest.mark.parametrize(
    ("version", "without"),
    [
        ("2.2.3", ()),
        ("2.2.2", ("down_timer_adverts ",)),
        ("2.1.0", ("down_timer_adverts ",)),
        ("2.0.20", ("down_timer_adverts ", "min_ttl ", "max_ttl ", "unicast_ttl ")),
        ("1.3.5", ("down_timer_adverts ", "min_ttl ", "max_ttl ", "unicast_ttl ")),
    ],
)
def test_an_old_keepalived_gets_a_file_that_it_knows(site: Site, version: str, without: tuple[str, ...]) -> None:
    server = site.server()
    server.pretend_keepalived(version)
    output = succeeds(server.install())
    written = re.sub("#.*", "", server.read(KEEPALIVED_CONF))
    for word in ("down_timer_adverts ", "min_ttl ", "max_ttl ", "unicast_ttl "):
        assert (word in written) is (word not in without), word
    assert (f"warning: Keepalived {version} is older than 2.2.3" in output) is bool(without)
    assert ("    advert_int 1\n" in written) is bool(without)
    assert (f"warning: Keepalived {version} is older than 2.1.0" in output) is ("min_ttl " in without)
    assert re.findall(r"(?m)^ +172\.16\.0\.3\b.*", written)
    assert "all files are in place already" in succeeds(server.install())


def test_a_lock_whose_number_belongs_to_another_program(site: Site) -> None:
    """After a crash, the number may have been given away."""
    server = site.server()
    server.do("sleep 60 >/dev/null 2>&1 & ln -s $! /run/kkplan-install.lock")
    succeeds(server.install())


# --- What the stand-ins hide ---


@pytest.mark.parametrize(
    ("service", "name", "place"),
    [("keepalived", "kkplan-restart.conf", RESTART_CONF), ("haproxy", "kkplan-haproxy.conf", HAPROXY_RESTART_CONF)],
)
def test_systemd_understands_the_drop_in(site: Site, service: str, name: str, place: str) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("not installed: systemd-analyze")
    server = site.server()
    server.do(f"install -D -m 0644 {BUNDLE}/lb1/{name} {place}")
    check = f"systemd-analyze verify --man=no {service}.service"
    assert server.do(check) == ""
    # It would say so.
    server.do(f"sed -i s/Restart=always/Restart=allways/ {place}")
    assert "allways" in server.run(check)[1]


def test_stand_ins_pass_shellcheck() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("not installed: shellcheck")
    result = subprocess.run(["shellcheck", *STAND_INS.iterdir()], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")


# --- The guide's files ---

GUIDES_PLACES = (HAPROXY_CFG, KEEPALIVED_CONF)


def guides_files(number: int) -> dict[str, str]:
    texts = {artifact.path: artifact.content for artifact in bundle(replace(settings(), is_guide=True))}
    return {path: texts[f"lb{number}/{path.rpartition('/')[2]}"] for path in GUIDES_PLACES}


@needs_killall
def test_the_guides_files_are_installed_and_uninstalled(site: Site) -> None:
    guide = replace(settings(), is_guide=True)
    first, second = site.server(1, guide), site.server(2, guide)
    before = first.configuration()
    for server in (first, second):
        output = succeeds(server.install())
        assert "both files are valid for the installed programs" in output
        assert server.services() == {"haproxy": "active enabled", "keepalived": "active enabled"}
    assert f"the VIP {VIP} is on lb1; this server (lb2) is a backup" in output
    assert {path: second.read(path) for path in GUIDES_PLACES} == guides_files(2)
    assert not (second.root / CHECK_SCRIPT[1:]).exists()
    assert not (second.root / RESTART_CONF[1:]).exists()
    calls = first.calls()
    assert "all files are in place already" in succeeds(first.install())
    assert first.calls() == calls
    succeeds(first.install("--uninstall"))
    assert first.configuration() == before
    assert wait_until(lambda: second.holds(VIP), 15)


@needs_killall
def test_from_kkplans_files_to_the_guides_and_back(site: Site) -> None:
    server = site.server()
    succeeds(server.install())
    kkplans = server.configuration()
    write_bundle(with_sums(bundle(replace(settings(), is_guide=True))), server.root / BUNDLE[1:])
    output = succeeds(server.install("--dry-run"))
    assert [line for line in output.splitlines() if line.startswith("would remove ")] == [
        f"would remove {CHECK_SCRIPT}",
        f"would remove {RESTART_CONF}",
        f"would remove {HAPROXY_RESTART_CONF}",
    ]
    output = succeeds(server.install())
    removed = "".join(f"removed: {path}\n" for path in (CHECK_SCRIPT, RESTART_CONF, HAPROXY_RESTART_CONF))
    assert f"{removed}replaced: {HAPROXY_CFG} {KEEPALIVED_CONF}\n" in output
    assert {path: server.read(path) for path in GUIDES_PLACES} == guides_files(1)
    assert not (server.root / CHECK_SCRIPT[1:]).exists()
    assert not (server.root / RESTART_CONF[1:]).exists()
    succeeds(server.install("--uninstall"))
    assert server.configuration() == kkplans
    assert wait_until(lambda: server.holds(VIP), 15)


@needs_killall
def test_a_check_script_of_the_site_stays_beside_the_guides_files(site: Site) -> None:
    server = site.server(1, replace(settings(), is_guide=True))
    server.write_text(CHECK_SCRIPT, "#!/bin/sh\n# the site's own\n", 0o755)
    assert "removed" not in succeeds(server.install())
    assert "the site's own" in server.read(CHECK_SCRIPT)


@needs_killall
def test_killall_is_installed_for_the_guides_files(site: Site) -> None:
    server = site.server(1, replace(settings(), is_guide=True))
    server.remove_packages("killall")
    server.add_stand_in("dnf", program="package-manager")
    server.do("mv /opt/packages/killall /opt/packages/psmisc")
    fails(server.install(), "installed, but not found: psmisc")
    assert "dnf install -y psmisc" in server.calls()


@needs_killall
def test_haproxy_does_not_listen_for_the_guides_files(site: Site) -> None:
    server = site.server(1, replace(settings(), is_guide=True))
    server.do(f"sed -i 's,{HAPROXY_CFG},/etc/haproxy/other.cfg,' /usr/local/sbin/systemctl")
    server.write_text("/etc/haproxy/other.cfg", PACKAGE_HAPROXY_CFG)
    before = server.configuration()
    fails(server.install(), "HAProxy does not answer on 127.0.0.1:6443")
    assert server.configuration() == before
