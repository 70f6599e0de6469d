"""Ansible's files in the bundle: what its programs say to them, and what they do to real servers over SSH.

An LB server is a machine of its own (tests/lb_programs.py) with an sshd, HAProxy and Keepalived. Stand-ins are there
for systemctl, which starts the real programs, and for apt-get, which is not to be reached.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from kkplan.cluster.backend import Backend
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.disk.bundle_folder import with_sums
from kkplan.lab.pair_lab import wait_until
from kkplan.modes.keepalived.bundle import bundle
from kkplan.modes.keepalived.pair_settings import PairSettings
from tests.conftest import INSTALLATION, ROOT
from tests.lb_programs import Lab, Machine, lab, reason_to_skip, write_bundle

pytestmark = pytest.mark.thorough

# `make test` puts Ansible there; else the one that is on the path is taken.
BIN = ROOT / ".venv-ansible" / "bin"
PATH = f"{BIN}:{os.environ['PATH']}"

# The client's program; and seconds that it may be without an answer while the servers are updated. Measured: 0.2.
SELF = f"env PYTHONPATH={ROOT} {sys.executable} -m tests.lb_programs"
BOUND = 5

NETWORKS = {"ipv4": ("172.16.0.", 24), "ipv6": ("fd00:60::", 64)}
FAMILIES = tuple(NETWORKS)


def ansible_is_missing(*programs: str) -> str:
    missing = [program for program in programs if shutil.which(program, path=PATH) is None]
    return f"not installed: {', '.join(missing)}; make test installs them" if missing else ""


def needs(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(bool(reason), reason=reason or "can run")


needs_ansible = needs(ansible_is_missing("ansible-playbook", "ansible-inventory"))
needs_servers = needs(
    ansible_is_missing("ansible-playbook")
    or reason_to_skip("haproxy", "keepalived", "openssl", "ssh", "ssh-keygen", "sshd")
)


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


def environment(home: Path) -> dict[str, str]:
    return {"PATH": PATH, "HOME": str(home), "LANG": "C.UTF-8", "ANSIBLE_LOCALHOST_WARNING": "false"}


def says(folder: Path, *command: str) -> tuple[int, str, str]:
    """Run one of Ansible's programs in the bundle's folder: status, output, errors."""
    result = subprocess.run(
        command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False, timeout=120
    )
    return result.returncode, result.stdout, result.stderr


# --- What the programs say ---

PLAYBOOKS = ("ansible/install.yaml", "ansible/uninstall.yaml")


@needs_ansible
@pytest.mark.parametrize("lb_count", range(2, 6))
@pytest.mark.parametrize("family", FAMILIES)
def test_inventory_has_every_server(tmp_path: Path, family: str, lb_count: int) -> None:
    case = settings(lb_count, family)
    write_bundle(bundle(case), tmp_path)
    status, output, errors = says(tmp_path, "ansible-inventory", "-i", "ansible/inventory.yaml", "--list")
    assert (status, errors) == (0, "")
    inventory = json.loads(output)
    assert inventory["kkplan_lb"]["hosts"] == [lb_host.name for lb_host in case.lb_hosts]
    for lb_host in case.lb_hosts:
        variables = inventory["_meta"]["hostvars"][lb_host.name]
        assert variables["ansible_host"] == lb_host.address
        assert variables["ansible_user"] == "root"
        assert variables["kkplan_nic"] == lb_host.nic
        assert variables["kkplan_vip"] == case.vip.address


@needs_ansible
def test_names_that_yaml_would_read_as_something_else(tmp_path: Path) -> None:
    hosts = tuple(
        LbHost(name, f"172.16.0.{number}", nic)
        for number, (name, nic) in enumerate({"1": "0", "yes": "no", "1e3": "@eth"}.items(), 2)
    )
    write_bundle(bundle(replace(settings(), lb_hosts=hosts)), tmp_path)
    status, output, _ = says(tmp_path, "ansible-inventory", "-i", "ansible/inventory.yaml", "--list")
    assert status == 0
    inventory = json.loads(output)
    assert inventory["kkplan_lb"]["hosts"] == ["1", "yes", "1e3"]
    assert [inventory["_meta"]["hostvars"][name]["kkplan_nic"] for name in ("1", "yes", "1e3")] == ["0", "no", "@eth"]


@needs_ansible
@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_syntax_is_right(tmp_path: Path, playbook: str) -> None:
    write_bundle(bundle(settings(3)), tmp_path)
    command = ("ansible-playbook", "-i", "ansible/inventory.yaml", "--syntax-check", playbook)
    assert says(tmp_path, *command) == (0, f"\nplaybook: {playbook}\n", "")


@needs(ansible_is_missing("ansible-lint"))
def test_ansible_lint_finds_nothing(tmp_path: Path) -> None:
    write_bundle(bundle(settings(3)), tmp_path)
    command = ("ansible-lint", "--offline", "--strict", "--nocolor", "--profile", "production", "ansible")
    status, output, errors = says(tmp_path, *command)
    assert (status, output) == (0, ""), errors
    assert "in 3 files processed" in errors
    assert "noqa" not in "".join(artifact.content for artifact in bundle(settings(3)))

    # It looks at these files: a command that does not say when it changes something is found.
    path = tmp_path / "ansible" / "install.yaml"
    path.write_text(re.sub(r" +changed_when: .*\n", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    status, output, _ = says(tmp_path, *command)
    assert status == 2
    assert "no-changed-when" in output


def test_only_modules_that_ansible_core_has() -> None:
    texts = {artifact.path: artifact.content for artifact in bundle(settings())}
    for playbook in PLAYBOOKS:
        modules = re.findall(r"^ +(\w+\.\w+\.\w+):", texts[playbook], re.MULTILINE)
        assert modules
        assert {module.rpartition(".")[0] for module in modules} == {"ansible.builtin"}


# --- Real servers ---

OLD_HAPROXY_CFG = """# the file of the package
defaults
    mode http
    timeout connect 5s
    timeout client 5s
    timeout server 5s
"""
SYSTEMCTL = """#!/bin/bash
echo "$(date +%s.%N) $*" >>/run/systemctl.log
stop() { pkill -x "$1"; while pgrep -x "$1" >/dev/null; do sleep 0.02; done; }
case $* in
"restart haproxy") stop haproxy; haproxy -W -D -f /etc/haproxy/haproxy.cfg -p /run/haproxy.pid >/dev/null 2>&1 ;;
"restart keepalived") stop keepalived; keepalived -n -G -l -D </dev/null >>/run/keepalived.log 2>&1 & ;;
"disable --now "*) stop "$3" ;;
"is-active "*) pgrep -x "${@: -1}" >/dev/null ;;
"show "*)
    echo LoadState=loaded
    if pgrep -x "$2" >/dev/null; then echo ActiveState=active; else echo ActiveState=inactive; fi
    ;;
esac
"""
BREAKING_SYSTEMCTL = SYSTEMCTL.replace('"restart keepalived") ', '"restart keepalived") exit 1; ')
SSHD_CONFIG = """
AuthorizedKeysFile {folder}/key.pub
HostKey {folder}/key
PidFile none
SetEnv PATH=/run/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
StrictModes no
Subsystem sftp internal-sftp
UsePAM no
"""


class Server(Machine):
    """A machine with the packages of an LB server, nothing of kkplan's, and an sshd that the test's key opens."""

    def __init__(self, systemctl: str = SYSTEMCTL) -> None:
        super().__init__()
        for folder in ("/etc/haproxy", "/etc/keepalived", "/etc/systemd/system", "/var/lib", "/root", "/var/tmp"):
            self.do(f"mount -t tmpfs tmpfs {folder}")
        self.do("mkdir /var/lib/haproxy /run/bin /run/sshd")
        self.write("/etc/haproxy/haproxy.cfg", OLD_HAPROXY_CFG.encode())
        self.write("/run/bin/apt-get", b"#!/bin/sh\nexit 1\n", 0o755)
        self.write("/run/bin/systemctl", systemctl.encode(), 0o755)

    def start_sshd(self, folder: Path) -> None:
        """Start it with the key in that folder; /tmp is the machine's own afterwards."""
        self.write("/run/key.pub", (folder / "key.pub").read_bytes())
        self.do(f"install -m 0600 {folder}/key /run/key && mount -t tmpfs tmpfs /tmp")
        self.write("/run/sshd_config", SSHD_CONFIG.format(folder="/run").encode())
        self.do("/usr/sbin/sshd -f /run/sshd_config -E /run/sshd.log")

    def files(self) -> dict[str, str]:
        """Every file that an installation may leave behind, with its content."""
        places = "/etc/haproxy /etc/keepalived /var/lib /root /tmp /var/tmp"
        paths = self.do(f"find {places} -type f -not -path '*/.ansible/*' 2>/dev/null || true").split()
        return {path: self.do(f"cat {path}") for path in paths}

    def configuration(self) -> dict[str, str]:
        """What HAProxy and Keepalived read."""
        return {path: text for path, text in self.files().items() if path.startswith("/etc/")}

    def restarts(self) -> list[float]:
        """When services were restarted, by the clock that all machines share."""
        calls = self.do("cat /run/systemctl.log 2>/dev/null || true").splitlines()
        return [float(call.split()[0]) for call in calls if " restart " in call]

    def holds(self, vip: str) -> bool:
        return f" {vip}/" in self.do("ip -o addr show")


UNTOUCHED = {"/etc/haproxy/haproxy.cfg": OLD_HAPROXY_CFG}


@dataclass(frozen=True)
class Run:
    """What a run of a playbook came to.

    Attributes:
        recap: for each server the numbers of its line at the end, as `changed`.
    """

    output: str
    recap: dict[str, dict[str, int]]

    def changed(self) -> dict[str, int]:
        return {name: numbers["changed"] for name, numbers in self.recap.items()}


@dataclass
class Site:
    """LB servers with a client and an API server on one switch, and a machine that Ansible runs on."""

    case: PairSettings
    folder: Path
    lab: Lab
    servers: list[Server] = field(default_factory=list)

    def command(self, playbook: str, *options: str) -> list[str]:
        ssh = f"-i {self.folder}/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
        variables = {
            **environment(self.folder),
            "ANSIBLE_SSH_ARGS": f"{ssh} -o ControlMaster=auto -o ControlPersist=60s",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": "/run/ansible",
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_TIMEOUT": "3",
        }
        words = [f"{name}={value}" for name, value in variables.items()]
        return self.controller.command(
            *("env", "-i", f"--chdir={self.folder}", *words),
            *("ansible-playbook", "-i", "ansible/inventory.yaml", f"ansible/{playbook}.yaml", *options),
        )

    def play(self, playbook: str, *options: str, fails: bool = False) -> Run:
        """Run it to its end, which is a failure or else a success without warnings."""
        result = subprocess.run(
            self.command(playbook, *options),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        assert (result.returncode != 0) is fails, result.stdout
        assert fails or "[WARNING]" not in result.stdout, result.stdout
        recap = re.findall(r"^(\S+) +: (ok=.*)$", result.stdout.partition("PLAY RECAP")[2], re.MULTILINE)
        numbers = {name: {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", line)} for name, line in recap}
        return Run(result.stdout, numbers)

    @property
    def controller(self) -> Machine:
        return self.lab.client

    def longest_outage_during(self, playbook: str) -> float:
        """Run it while the client makes requests to the VIP all the time; seconds without an answer."""
        poll = f"{SELF} poll {self.case.vip.address} {self.case.port} --seconds 6".split()
        polls = []
        with subprocess.Popen(self.command(playbook), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as run:
            # Each begins before the one before ends: what lasts up to three seconds lies within one of them.
            while run.poll() is None:
                polls.append(subprocess.Popen(self.controller.command(*poll), stdout=subprocess.PIPE))
                with suppress(subprocess.TimeoutExpired):
                    run.wait(3)
            assert run.returncode == 0, run.stdout and run.stdout.read()
        outputs = [poll.communicate()[0] for poll in polls]
        return max(float(json.loads(output)["longest_outage"]) for output in outputs)

    @property
    def named(self) -> dict[str, Server]:
        return {lb_host.name: server for lb_host, server in zip(self.case.lb_hosts, self.servers, strict=True)}

    def files(self) -> dict[str, dict[str, str]]:
        """The files on every server."""
        return {name: server.files() for name, server in self.named.items()}

    def holders(self) -> list[str]:
        return [name for name, server in self.named.items() if server.holds(self.case.vip.address)]

    def serves(self, host: str) -> bool:
        return wait_until(lambda: self.lab.request_succeeds(host, self.case.port), 5)


def make_site(stack: ExitStack, folder: Path, case: PairSettings, *systemctls: str) -> Site:
    write_bundle(with_sums(bundle(case)), folder)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key"], check=True)
    it = stack.enter_context(lab())
    network, _, _ = case.vip.address.rpartition("10")
    it.add_client(f"{network}20/{case.vip.prefix}")
    for backend in case.backends:
        it.add_control_plane(backend, case.vip.prefix)
    site = Site(case, folder, it)
    for lb_host, systemctl in zip(case.lb_hosts, systemctls or (SYSTEMCTL,) * len(case.lb_hosts), strict=True):
        server = stack.enter_context(Server(systemctl))
        it.switch.plug(server, (f"{lb_host.address}/{case.vip.prefix}",), lb_host.nic)
        server.start_sshd(folder)
        site.servers.append(server)
    return site


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as it:
        yield it


@needs_servers
def test_installs_one_after_the_other_updates_and_uninstalls(tmp_path: Path, stack: ExitStack) -> None:
    site = make_site(stack, tmp_path, settings())
    first, second = site.servers

    run = site.play("install", "--check", "--diff")
    assert run.changed() == {"lb1": 1, "lb2": 1}, run.output
    assert run.output.count("would back up and replace") == 2
    assert [server.files() for server in site.servers] == [UNTOUCHED, UNTOUCHED]

    run = site.play("install")
    assert run.changed() == {"lb1": 2, "lb2": 2}, run.output
    assert max(first.restarts()) < min(second.restarts())
    assert site.holders() == ["lb1"]
    for address in (site.case.vip.address, *(lb_host.address for lb_host in site.case.lb_hosts)):
        assert site.serves(address), address

    files = site.files()
    for name, found in files.items():
        for file in ("haproxy/haproxy.cfg", "keepalived/keepalived.conf", "keepalived/check-haproxy.sh"):
            assert found[f"/etc/{file}"] == (tmp_path / name / Path(file).name).read_text(encoding="utf-8")
    restarts = [server.restarts() for server in site.servers]
    for options in ((), ("--check",)):
        again = site.play("install", *options)
        assert again.changed() == {"lb1": 0, "lb2": 0}, again.output
    assert site.files() == files
    assert [server.restarts() for server in site.servers] == restarts

    more = replace(site.case, backends=(*site.case.backends, Backend("m2", "172.16.0.22")))
    write_bundle(with_sums(bundle(more)), tmp_path)
    assert site.longest_outage_during("install") < BOUND
    assert min(first.restarts()[2:]) > max(second.restarts()[2:])
    # Only HAProxy is restarted: the VIP stays, unless a health check falls into that moment.
    assert len(site.holders()) == 1
    assert all("m2 172.16.0.22" in server.files()["/etc/haproxy/haproxy.cfg"] for server in site.servers)

    # One backup for each installation.
    for changed in (2, 1, 0):
        run = site.play("uninstall")
        assert run.changed() == {"lb1": changed, "lb2": changed}, run.output
    assert [server.configuration() for server in site.servers] == [UNTOUCHED, UNTOUCHED]
    assert site.holders() == []
    assert not any(path.startswith("/root/") for files in site.files().values() for path in files)


@needs_servers
@pytest.mark.skipif(shutil.which("killall") is None, reason="not installed: killall")
def test_the_guides_files(tmp_path: Path, stack: ExitStack) -> None:
    """Their health check is killall, and there are no other files."""
    site = make_site(stack, tmp_path, replace(settings(), is_guide=True))
    run = site.play("install")
    assert run.changed() == {"lb1": 2, "lb2": 2}, run.output
    assert site.holders() == ["lb1"]
    assert site.serves(site.case.vip.address)
    for server in site.servers:
        assert list(server.configuration()) == ["/etc/haproxy/haproxy.cfg", "/etc/keepalived/keepalived.conf"]
    again = site.play("install")
    assert again.changed() == {"lb1": 0, "lb2": 0}, again.output
    site.play("uninstall")
    assert [server.configuration() for server in site.servers] == [UNTOUCHED, UNTOUCHED]
    assert site.holders() == []


@needs_servers
def test_two_holders_end_the_run(tmp_path: Path, stack: ExitStack) -> None:
    """Each server alone is content; only a look at all of them finds it."""
    site = make_site(stack, tmp_path, settings(family="ipv6"))
    run = site.play("install")
    assert run.changed() == {"lb1": 2, "lb2": 2}, run.output
    assert site.holders() == ["lb1"]
    assert site.serves(site.case.vip.address)

    site.servers[1].do(f"ip addr add {site.case.vip.address}/{site.case.vip.prefix} dev eth0")
    run = site.play("install", fails=True)
    assert "fd00:60::10 is on lb1 and lb2" in run.output
    # The second one's turn did not come.
    assert run.recap["lb2"]["ok"] < run.recap["lb1"]["ok"]


@needs_servers
def test_a_file_that_is_refused_anywhere_stops_before_any_server_is_changed(tmp_path: Path, stack: ExitStack) -> None:
    site = make_site(stack, tmp_path, settings())
    right = (tmp_path / "lb1" / "haproxy.cfg").read_text(encoding="utf-8")
    for name, options in {"lb2": (), "lb1": ("--check",)}.items():
        broken = tmp_path / name / "haproxy.cfg"
        broken.write_text(f"{right}unknown_keyword 1\n", encoding="utf-8")
        subprocess.run("sha256sum install.sh */* >SHA256SUMS", shell=True, cwd=tmp_path, check=True)
        run = site.play("install", *options, fails=True)
        broken.write_text(right, encoding="utf-8")
        assert "unknown_keyword" in run.output
        assert run.recap[name]["failed"] == 1
        for server in site.servers:
            assert server.configuration() == UNTOUCHED
            assert server.restarts() == []
            assert server.do("find /tmp -name 'kkplan*'") == ""


@needs_servers
@pytest.mark.parametrize("file", ["install.sh", "lb1/check-haproxy.sh", "lb2/haproxy.cfg", "SHA256SUMS"])
def test_a_file_that_does_not_match_its_sum_stops_before_any_server_is_changed(
    tmp_path: Path, stack: ExitStack, file: str
) -> None:
    site = make_site(stack, tmp_path, settings())
    with (tmp_path / file).open("r+", encoding="utf-8") as opened:
        text = opened.read()
        opened.seek(0)
        opened.write(re.sub(r"(?m)^[0-9a-f]{64}", "0" * 64, text) if file == "SHA256SUMS" else f"{text}#\n")
    for options in ((), ("--check",)):
        run = site.play("install", *options, fails=True)
        assert "does not match SHA256SUMS" in run.output
        for server in site.servers:
            assert server.configuration() == UNTOUCHED
            assert server.restarts() == []
            assert server.do("find /tmp -name 'kkplan*'") == ""


@needs_servers
def test_a_first_server_that_fails_keeps_the_second_from_being_changed(tmp_path: Path, stack: ExitStack) -> None:
    site = make_site(stack, tmp_path, settings(), BREAKING_SYSTEMCTL, SYSTEMCTL)
    run = site.play("install", fails=True)
    assert "the previous files were restored" in run.output
    first, second = site.servers
    assert first.restarts() != []
    assert second.restarts() == []
    assert [server.configuration() for server in site.servers] == [UNTOUCHED, UNTOUCHED]


@needs_servers
def test_a_server_that_is_off_ends_the_run_unless_it_is_left_out(tmp_path: Path, stack: ExitStack) -> None:
    site = make_site(stack, tmp_path, settings(3))
    site.servers[2].do("ip link set eth0 down")
    run = site.play("install", fails=True)
    assert run.recap["lb3"]["unreachable"] == 1
    assert [server.configuration() for server in site.servers] == [UNTOUCHED] * 3

    run = site.play("install", "--limit", "lb1,lb2")
    assert run.changed() == {"lb1": 1, "lb2": 1}, run.output
    assert site.holders() == ["lb1"]
