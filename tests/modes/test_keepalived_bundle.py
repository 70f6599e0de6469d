"""The files of the LB servers: what is in them, and what the real HAProxy, Keepalived and shellcheck say to them."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from ipaddress import ip_address
from itertools import product
from pathlib import Path
from string import Template

import pytest

from kkplan.cluster.backend import Backend
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.disk.bundle_folder import with_sums
from kkplan.locale import current_language, paragraphs, use_language
from kkplan.modes.keepalived import bundle as bundle_module
from kkplan.modes.keepalived import runbook as runbook_module
from kkplan.modes.keepalived.bundle import bundle
from kkplan.modes.keepalived.pair_settings import MONITOR_PORTS, PairSettings, priority
from kkplan.modes.keepalived.runbook import runbook_values
from kkplan.modes.keepalived.template import template
from tests.conftest import INSTALLATION
from tests.lb_programs import Machine, reason_to_skip, write_bundle

PORTS = (6443, 443, 8443, 16443)
FAMILIES = ("ipv4", "ipv6")
BACKEND_FAMILIES = ("ipv4", "ipv6", "mixed")
PREFIXES = {"ipv4": "172.16.0.", "ipv6": "fd00:60::"}
ADDRESSES = {"ipv4": ("172.16.0.2", 24), "ipv6": ("fd00:60::2", 64)}
VIPS = {"ipv4": Vip("172.16.0.10", 24), "ipv6": Vip("fd00:60::10", 64)}


def backends(count: int, family: str = "ipv4") -> tuple[Backend, ...]:
    families = FAMILIES if family == "mixed" else (family, family)
    return tuple(
        Backend(f"master{number}", f"{PREFIXES[families[number % 2]]}{20 + number}") for number in range(1, count + 1)
    )


def settings(
    lb_count: int = 2,
    backend_count: int = 3,
    family: str = "ipv4",
    backend_family: str = "ipv4",
    port: int = 6443,
) -> PairSettings:
    hosts = tuple(LbHost(f"lb{number}", f"{PREFIXES[family]}{number + 1}", "eth0") for number in range(1, lb_count + 1))
    return PairSettings(
        vip=VIPS[family],
        port=port,
        virtual_router_id=60,
        lb_hosts=hosts,
        backends=backends(backend_count, backend_family),
        domain="lb.kubesphere.local",
        installation=INSTALLATION,
    )


def contents(case: PairSettings) -> dict[str, str]:
    return {artifact.path: artifact.content for artifact in bundle(case)}


CASES = {
    "pair": settings(),
    "three lbs": settings(3),
    "five lbs, port 8443": settings(5, 7, port=8443),
    "ipv6": settings(family="ipv6", backend_family="ipv6"),
    "ipv6 before ipv4": settings(family="ipv6", backend_family="mixed"),
    "one control plane": settings(backend_count=1),
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def needs(*programs: str) -> pytest.MarkDecorator:
    reason = reason_to_skip(*programs)
    return pytest.mark.skipif(bool(reason), reason=reason or "can run")


# --- What is in the files ---


@every_case
def test_files_of_every_server(case: PairSettings) -> None:
    names = [lb_host.name for lb_host in case.lb_hosts]
    expected = ["README.md", "install.sh", *(f"ansible/{f}.yaml" for f in ("inventory", "install", "uninstall"))]
    files = ("haproxy.cfg", "keepalived.conf", "check-haproxy.sh", "kkplan-restart.conf", "kkplan-haproxy.conf")
    expected += [f"{name}/{file}" for name in names for file in files]
    artifacts = bundle(case)
    assert [artifact.path for artifact in artifacts] == expected
    for artifact in artifacts:
        assert artifact.mode == (0o755 if artifact.path.endswith(".sh") else 0o644)
        assert artifact.content.endswith("\n")
        assert not artifact.content.endswith("\n\n")
        assert "\r" not in artifact.content
        assert "\t" not in artifact.content
        assert not re.search(r" $", artifact.content, re.MULTILINE)


@every_case
def test_files_for_programs_are_ascii_without_placeholders(case: PairSettings) -> None:
    for path, text in contents(case).items():
        if path == "README.md":
            continue
        assert text.isascii(), path
        assert "@@" not in text, path
        if not path.endswith(".sh"):
            assert "$" not in text.replace(")$", ")"), path
        assert max(map(len, text.split("\n"))) <= 120, path


@every_case
def test_no_secret_and_nothing_of_the_guides_password(case: PairSettings) -> None:
    for path, text in contents(case).items():
        assert "1111" not in text, path
        assert "auth_pass" not in text, path
        assert "auth_type" not in text, path


@every_case
def test_haproxy_is_the_same_everywhere_and_forwards_to_every_backend(case: PairSettings) -> None:
    texts = contents(case)
    (config,) = {texts[f"{lb_host.name}/haproxy.cfg"] for lb_host in case.lb_hosts}
    servers = re.findall(r"^    server (\S+) (\S+) check check-ssl verify none$", config, re.MULTILINE)
    assert [name for name, _ in servers] == [backend.name for backend in case.backends]
    for (_, target), backend in zip(servers, case.backends, strict=True):
        host, _, port = target.rpartition(":")
        assert port == "6443"
        assert ip_address(host.strip("[]")) == ip_address(backend.address)
        assert host.startswith("[") is (":" in backend.address)


@every_case
def test_keepalived_knows_all_others_and_has_its_own_priority(case: PairSettings) -> None:
    texts = contents(case)
    priorities = []
    for lb_host in case.lb_hosts:
        config = texts[f"{lb_host.name}/keepalived.conf"]
        peers = re.search(r"unicast_peer \{\n([^}]*)\}", config)
        assert peers
        others = [other.address for other in case.lb_hosts if other != lb_host]
        # Only an advert that no router has passed on has TTL 255.
        assert [line.strip() for line in peers[1].splitlines() if line.strip()] == [
            f"{address} min_ttl 255 max_ttl 255" for address in others
        ]
        assert f"unicast_src_ip {lb_host.address}\n" in config
        # As a single address it never becomes the NIC's primary one.
        assert f" {case.vip.address}/{ip_address(case.vip.address).max_prefixlen} dev {lb_host.nic}\n" in config
        (number,) = re.findall(r"^    priority (\d+)$", config, re.MULTILINE)
        priorities.append(int(number))
    assert priorities == sorted(set(priorities), reverse=True)
    assert all(1 <= number <= 254 for number in priorities)


def test_priorities_fit_any_number_of_servers() -> None:
    many = settings(30)
    numbers = [priority(many, index) for index in range(30)]
    assert numbers == sorted(set(numbers), reverse=True)
    assert numbers[-1] >= 1


def test_only_what_depends_on_a_setting_changes_with_it() -> None:
    """The checks with the real programs vary one file's settings at a time; this is why that is enough."""
    base = contents(settings())
    for other in (settings(backend_count=7, backend_family="ipv6"), settings(port=16443)):
        assert contents(other)["lb1/keepalived.conf"] == base["lb1/keepalived.conf"]
        assert contents(other)["lb1/haproxy.cfg"] != base["lb1/haproxy.cfg"]
    assert contents(settings(5))["lb1/haproxy.cfg"] == base["lb1/haproxy.cfg"]


def test_never_what_fails_over_late_or_not_at_all() -> None:
    texts = contents(settings())
    keepalived = re.sub(r"#.*", "", texts["lb1/keepalived.conf"])
    haproxy = re.sub(r"(?m)^\s*#.*", "", texts["lb1/haproxy.cfg"])
    assert re.findall(r"weight (\S+)", keepalived) == ["0"]
    assert "killall" not in keepalived
    assert "MASTER" not in keepalived
    for forbidden in ("slowstart", "daemon", "pidfile", "maxqueue", "tcp-check"):
        assert forbidden not in haproxy
    assert "maxconn" not in "".join(line for line in haproxy.split("\n") if "server" in line)
    assert bundle_module.FRONTEND_MAXCONN < bundle_module.GLOBAL_MAXCONN < (20000 - 200) / 2


def test_health_check_has_another_port_than_the_endpoint() -> None:
    for port in (6443, *MONITOR_PORTS):
        texts = contents(settings(port=port))
        (monitor,) = re.findall(r"bind 127\.0\.0\.1:(\d+)", texts["lb1/haproxy.cfg"])
        assert int(monitor) != port
        assert f"/dev/tcp/127.0.0.1/{monitor} " in texts["lb1/check-haproxy.sh"]
        assert f"monitor_port={monitor}\n" in texts["install.sh"]


def test_host_names_that_haproxy_does_not_take() -> None:
    odd = (
        Backend("主节点", "10.0.0.1"),
        Backend("a b", "10.0.0.2"),
        Backend("ok", "10.0.0.3"),
        Backend("ok", "10.0.0.4"),
    )
    case = settings()
    case = PairSettings(case.vip, case.port, 60, case.lb_hosts, odd, case.domain, case.installation)
    names = re.findall(r"^    server (\S+) ", contents(case)["lb1/haproxy.cfg"], re.MULTILINE)
    assert names == ["kube-apiserver-1", "kube-apiserver-2", "ok", "kube-apiserver-4"]


def test_one_server_or_no_backend_is_for_a_rule_to_refuse() -> None:
    assert len(bundle(settings(1))) == 10
    assert len(bundle(settings(backend_count=0))) == 15


# --- The runbook ---


@every_case
def test_runbook_has_every_value_and_no_placeholder(case: PairSettings) -> None:
    text = contents(case)["README.md"]
    assert "$" not in text.replace("echo $?", "").replace("|$)", "")
    assert "None" not in text
    for lb_host in case.lb_hosts:
        assert f"| {lb_host.name} | {lb_host.address} | {lb_host.nic} |" in text
        assert f"install -m 0755 {lb_host.name}/check-haproxy.sh /etc/keepalived/check-haproxy.sh" in text
    for backend in case.backends:
        assert f"| {backend.name} | {backend.address} | 6443 |" in text
    host = f"[{case.vip.address}]" if ":" in case.vip.address else case.vip.address
    assert f"curl -k https://{host}:{case.port}/readyz\n" in text
    assert f"{case.domain}:{case.port}" in text
    fences = [line for line in text.split("\n") if line.startswith("```")]
    assert fences == ["```sh", "```"] * (len(fences) // 2)


def test_runbook_asks_for_the_vip_by_its_family() -> None:
    assert "arping -D -c 3 -w 4 -I eth0 172.16.0.10\n" in contents(settings())["README.md"]
    text = contents(CASES["ipv6"])["README.md"]
    assert "arping -D -c" not in text
    assert "ping -6 -c 3 fd00:60::10\n" in text
    assert "scp -r SHA256SUMS install.sh lb1 root@[fd00:60::2]:kkplan-lb/\n" in text


@pytest.mark.parametrize("busybox", [False, pytest.param(True, marks=needs("busybox"))])
def test_runbook_checks_the_copy_on_a_server_that_has_its_own_files_only(tmp_path: Path, busybox: bool) -> None:
    """Its own lines are run, as the server's shell would, in a home where one server's files were copied."""
    case = replace(settings(), lb_hosts=(LbHost("lb.1", "172.16.0.2", "eth0"), LbHost("lbx1", "172.16.0.3", "eth0")))
    texts = {file.path: file for file in with_sums(bundle(case))}
    lines = [
        line for line in texts["README.md"].content.splitlines() if line.startswith("ssh ") and "sha256sum" in line
    ]
    assert len(lines) == 2
    copy = tmp_path / "kkplan-lb"
    for path in ("SHA256SUMS", "install.sh", *(path for path in texts if path.startswith("lb.1/"))):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text(texts[path].content, encoding="utf-8")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "ssh").write_text('#!/bin/sh\nshift\nexec sh -c "$*"\n', encoding="ascii")
    (programs / "ssh").chmod(0o755)
    for name in ("grep", "sha256sum") if busybox else ():
        (programs / name).symlink_to(str(shutil.which("busybox")))

    def check(line: str) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": f"{programs}:/usr/bin:/bin"}
        return subprocess.run(
            ["sh", "-c", line], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )

    ran = check(lines[0])
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.rpartition(": ")[2] for line in ran.stdout.splitlines()] == ["OK"] * 6
    with (copy / "lb.1" / "haproxy.cfg").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert check(lines[0]).returncode != 0
    assert check(lines[1]).returncode != 0  # its files were not copied here


@every_case
def test_runbook_lets_vrrp_of_the_lb_servers_through_and_no_other(case: PairSettings) -> None:
    text = contents(case)["README.md"]
    family = "ipv6" if ":" in case.vip.address else "ipv4"
    for lb_host in case.lb_hosts:
        rule = f'rule family="{family}" source address="{lb_host.address}" protocol value="vrrp" accept'
        assert f"firewall-cmd --permanent --add-rich-rule='{rule}'\n" in text
        assert f"ufw allow proto vrrp from {lb_host.address}\n" in text
    assert "--add-protocol" not in text


def test_runbook_runs_the_installer_whatever_its_mode() -> None:
    """patch(1), fed with the plan's diff, makes it without the right to be executed."""
    text = contents(settings())["README.md"]
    assert "ssh root@172.16.0.2 sh kkplan-lb/install.sh\n" in text
    assert re.findall(r"^(?:.* )?(?<!sh )\S*/install\.sh", text.replace("`", " "), re.MULTILINE) == []


def test_runbook_says_where_ansible_puts_the_files() -> None:
    """Not where the section before it has them, so that its --uninstall would not be found there."""
    files = contents(settings())
    (folder,) = re.findall(r"kkplan_folder: (\S+)", files["ansible/inventory.yaml"])
    assert f"Ansible copies the files to `{folder}` on each server" in files["README.md"]


def test_the_chinese_runbook_has_no_english_sentence() -> None:
    before = current_language()
    use_language("zh")
    try:
        text = contents(settings())["README.md"]
    finally:
        use_language(before)
    comments = [line for line in text.splitlines() if line.startswith("# ")][1:]
    assert comments == ["# firewalld", "# ufw", "# lb1", "# lb2"]
    prose = text.split("```")[::2]
    assert re.findall(r"(?:\b[a-z]{2,} ){4}", re.sub(r"`[^`]*`", "", "".join(prose))) == []


def test_runbook_is_translated_before_values_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runbook_module, "translate_paragraphs", lambda markdown: "译文 $domain\n")
    assert contents(settings())["README.md"] == "译文 lb.kubesphere.local\n"


def test_runbook_uses_every_value() -> None:
    markdown = Template(template("runbook.md"))
    names = {match["named"] or match["braced"] for match in markdown.pattern.finditer(markdown.template)} - {None}
    assert names == set(runbook_values(settings()))


def test_paragraphs_are_short_enough_to_translate() -> None:
    for block in paragraphs(template("runbook.md")):
        if not block.startswith(("|", "```")):
            assert len(block) <= 340, block
            assert "\n" not in block, block


# --- What the programs say ---


@pytest.mark.sampled(3)
@needs("haproxy")
@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("family", FAMILIES)
def test_haproxy_accepts_without_a_word(tmp_path: Path, family: str, port: int) -> None:
    for count, backend_family in product(range(1, 8), BACKEND_FAMILIES):
        path = tmp_path / f"{count}-{backend_family}.cfg"
        text = contents(settings(2, count, family, backend_family, port))["lb1/haproxy.cfg"]
        path.write_text(text, encoding="utf-8")
        result = subprocess.run(["haproxy", "-c", "-f", path], capture_output=True, text=True, check=False)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout in ("", "Configuration file is valid\n")


def keepalived_says(machine: Machine, folder: Path) -> tuple[int, str]:
    """What `keepalived -t` says to the files of one LB server, in the place where they belong."""
    machine.do(f"mount --bind {folder} /etc/keepalived")
    try:
        return machine.run("keepalived -t -l -f /etc/keepalived/keepalived.conf")
    finally:
        machine.do("umount /etc/keepalived")


@needs("keepalived")
@pytest.mark.parametrize("lb_count", range(2, 6))
@pytest.mark.parametrize("family", FAMILIES)
def test_keepalived_accepts_without_a_word(tmp_path: Path, machine: Machine, family: str, lb_count: int) -> None:
    case = settings(lb_count, family=family)
    write_bundle(bundle(case), tmp_path)
    for lb_host in case.lb_hosts:
        assert keepalived_says(machine, tmp_path / lb_host.name) == (0, "")


@needs("keepalived")
def test_keepalived_would_say_what_is_wrong(tmp_path: Path, machine: Machine) -> None:
    """The silence above is worth something: the same command finds a missing script."""
    write_bundle(bundle(settings()), tmp_path)
    (tmp_path / "lb1" / "check-haproxy.sh").unlink()
    status, output = keepalived_says(machine, tmp_path / "lb1")
    assert status != 0
    assert "Disabling track script haproxy_alive" in output


@needs("haproxy")
@pytest.mark.parametrize("family", FAMILIES)
def test_haproxy_starts_with_20000_files_and_answers_the_check(tmp_path: Path, machine: Machine, family: str) -> None:
    """The VIP has to come up before any control plane answers, and `haproxy -c` does not look at limits and ports."""
    write_bundle(bundle(settings(family=family)), tmp_path)
    check = tmp_path / "lb1" / "check-haproxy.sh"
    machine.do("mount -t tmpfs tmpfs /var/lib/haproxy")
    address, prefix = ADDRESSES[family]
    machine.do(f"ip addr add {address}/{prefix} dev eth0{' nodad' if family == 'ipv6' else ''}")
    assert machine.run(f"{check}") == (1, "")
    command = f"haproxy -W -D -f {tmp_path}/lb1/haproxy.cfg -p /run/haproxy.pid"
    machine.do(f"ulimit -n 20000; {command} >/run/haproxy.log 2>&1")
    assert machine.run(f"{check}") == (0, "")
    assert not re.search("ALERT|WARNING", machine.do("cat /run/haproxy.log"))
    address = "::1" if family == "ipv6" else "127.0.0.1"
    machine.do(f": </dev/tcp/{address}/6443")
    machine.do("pkill -STOP -x haproxy")
    assert machine.run(f"{check}") == (1, "")


@pytest.fixture
def checked(tmp_path: Path, machine: Machine, request: pytest.FixtureRequest) -> tuple[Machine, str, str]:
    """A machine with HAProxy at work and no address yet, the check script, and the address with its prefix."""
    family = request.param
    write_bundle(bundle(settings(family=family)), tmp_path)
    machine.do("mount -t tmpfs tmpfs /var/lib/haproxy")
    machine.do(f"haproxy -W -D -f {tmp_path}/lb1/haproxy.cfg -p /run/haproxy.pid >/run/haproxy.log 2>&1")
    address, prefix = ADDRESSES[family]
    return machine, f"{tmp_path}/lb1/check-haproxy.sh", f"{address}/{prefix}"


by_family = pytest.mark.parametrize("checked", FAMILIES, indirect=True)


@needs("haproxy")
@by_family
def test_the_check_asks_for_the_own_address_on_its_nic(checked: tuple[Machine, str, str]) -> None:
    machine, check, address = checked
    assert machine.run(check) == (1, "")
    machine.do(f"ip addr add {address} dev lo")  # another NIC has it
    assert machine.run(check) == (1, "")
    machine.do(f"ip addr del {address} dev lo")
    machine.do(f"ip addr add {address.replace('2/', '22/')} dev eth0")  # it begins with the same characters
    assert machine.run(check) == (1, "")
    machine.do(f"ip addr add {address} dev eth0{' nodad' if ':' in address else ''}")
    assert machine.run(check) == (0, "")
    machine.do("ip link del eth0")
    assert machine.run(check) == (1, "")


@needs("haproxy")
@by_family
def test_the_wait_ends_when_the_address_can_be_used(checked: tuple[Machine, str, str]) -> None:
    """A Keepalived that is started earlier stays in FAULT."""
    machine, check, address = checked
    machine.do("ip link del eth0")
    machine.do(f"({check} --wait >/run/said; echo $? >/run/ended) >/dev/null 2>&1 &")
    machine.do("sleep 0.5 && test ! -e /run/ended")
    machine.do("ip link add eth0 type veth peer name cable && ip link set eth0 up && ip link set cable up")
    machine.do("sleep 0.5 && test ! -e /run/ended")
    # An IPv6 address is tentative for a second: nothing can be bound to it.
    machine.do(f"ip addr add {address} dev eth0")
    machine.do("while test ! -e /run/ended; do sleep 0.05; done")
    assert "tentative" not in machine.do("ip addr show dev eth0 scope global")
    assert machine.do("cat /run/ended").strip() == "0"
    assert machine.do("cat /run/said").strip() == f"waiting for the address {address.partition('/')[0]} on eth0"
    assert machine.run(f"{check} --wait") == (0, "")


@needs("haproxy")
@by_family
def test_the_check_run_by_hand_ends_no_shell(checked: tuple[Machine, str, str]) -> None:
    machine, check, address = checked
    nodad = " nodad" if ":" in address else ""
    assert machine.run(check) == (1, "")
    machine.do(f"ip addr add {address} dev eth0{nodad}")
    assert machine.run(check) == (0, "")
    assert machine.do("ls /run") == machine.do("ls /run | grep -v kkplan-nic")


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="not installed: shellcheck")
def test_scripts_pass_shellcheck(tmp_path: Path) -> None:
    write_bundle(bundle(settings()), tmp_path)
    scripts = [tmp_path / "install.sh", tmp_path / "lb1" / "check-haproxy.sh"]
    result = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")
