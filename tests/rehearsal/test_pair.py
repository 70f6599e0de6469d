"""The network that a pair's files describe."""

from __future__ import annotations

import sys
from ipaddress import ip_interface
from pathlib import Path

import pytest

from kkplan.disk.bundle_files import read_bundle_files
from kkplan.errors import KkplanError
from kkplan.lab.lb_server import start_conditions
from kkplan.lab.machine import LabError
from kkplan.lab.pair import PairNetwork, read_pair
from kkplan.lab.pair_lab import CLIENT_NAME, planned_addresses
from kkplan.lab.requirements import missing_requirement
from kkplan.plan.artifact import Artifact
from tests.rehearsal.conftest import HAND_MADE, Write, own_pair


def changed(path: str, old: str, new: str) -> tuple[Artifact, ...]:
    """kkplan's pair with one thing different in one file."""
    files = own_pair()
    found = tuple(it._replace(content=it.content.replace(old, new)) if it.path == path else it for it in files)
    assert found != files
    return found


def test_kkplans_own_files() -> None:
    network = read_pair(own_pair(lbs=3), "kkplan-out")
    assert (network.vip.address, network.vip.prefix, network.port) == ("172.16.0.10", 24, 6443)
    assert [(it.name, it.address, it.nic) for it in network.members] == [
        (f"lb{number}", f"172.16.0.{number + 1}", "ens192") for number in (1, 2, 3)
    ]
    assert [(it.name, it.address, it.port) for it in network.backends] == [
        (f"master{number}", f"172.16.0.{20 + number}", 6443) for number in (1, 2, 3)
    ]
    assert {Path(file.path).name: file.mode for file in network.members[0].files}["check-haproxy.sh"] == 0o755


def test_the_guides_files_with_a_vip_without_prefix() -> None:
    network = read_pair(own_pair(is_guide=True), "guide")
    assert (network.vip.address, network.vip.prefix) == ("172.16.0.10", 24)
    assert [it.address for it in network.backends] == ["172.16.0.21", "172.16.0.22", "172.16.0.23"]
    assert [Path(file.path).name for file in network.members[0].files] == ["haproxy.cfg", "keepalived.conf"]


def hand_made(old: str = "", new: str = "", lbs: int = 2) -> tuple[Artifact, ...]:
    """The pair of docs/rehearse.md, with something else in each keepalived.conf: `{n}` stands for the server's number."""
    files = []
    for number in range(1, lbs + 1):
        for path in (HAND_MADE / "lb1").iterdir():
            text = path.read_text(encoding="utf-8").replace(old, new.replace("{n}", str(number)))
            files.append(Artifact(f"lb{number}/{path.name}", text))
    return tuple(files)


def addresses(files: tuple[Artifact, ...]) -> list[tuple[str, bool]]:
    return [(member.address, member.has_made_up_address) for member in read_pair(files, "mine").members]


def test_a_hand_made_pair_without_the_servers_addresses() -> None:
    """With multicast, Keepalived takes the NIC's address: any does that no other machine has."""
    network = read_pair(read_bundle_files(HAND_MADE), "mine")
    assert (network.vip.address, network.vip.prefix, network.port) == ("10.20.0.100", 24, 8443)
    assert addresses(hand_made()) == [("10.20.0.1", True), ("10.20.0.2", True)]
    taken = hand_made("10.20.0.100/24", "10.20.0.1/28")
    used = tuple(file._replace(content=file.content.replace("10.20.0.11:", "10.20.0.2:")) for file in taken)
    assert addresses(used) == [("10.20.0.3", True), ("10.20.0.4", True)]
    with pytest.raises(KkplanError, match=r"mine: the VIP's subnet has no address for lb2"):
        read_pair(hand_made("10.20.0.100/24", "10.20.0.101/30"), "mine")


@pytest.mark.parametrize(
    ("new", "lbs", "expected"),
    [
        ("interface ens192\n mcast_src_ip 10.20.0.2{n}", 2, [("10.20.0.21", False), ("10.20.0.22", False)]),
        ("interface ens192\n unicast_src_ip 10.20.0.2{n}", 2, [("10.20.0.21", False), ("10.20.0.22", False)]),
        ("interface ens192\n unicast_peer { 10.20.0.2{n} }", 2, [("10.20.0.22", False), ("10.20.0.21", False)]),
        ("interface ens192\n unicast_peer\n {\n 10.20.0.2{n} {\n min_ttl 255\n }\n}", 2, [("10.20.0.22", False), ("10.20.0.21", False)]),
        # A list of all servers, as some write it, tells nothing.
        ("interface ens192\n unicast_peer {\n 10.20.0.21\n 10.20.0.22\n }", 2, [("10.20.0.1", True), ("10.20.0.2", True)]),
    ],
)  # fmt: skip
def test_where_a_pair_names_its_servers(new: str, lbs: int, expected: list[tuple[str, bool]]) -> None:
    assert addresses(hand_made("interface ens192", new, lbs)) == expected


def test_three_servers_that_name_each_other_only() -> None:
    files = []
    for number in (1, 2, 3):
        peers = " ".join(f"\n10.20.0.2{other}" for other in (1, 2, 3) if other != number)
        new = f"interface ens192\nunicast_peer {{{peers}\n}}".replace("{", " {")
        files += [it for it in hand_made("interface ens192", new, 3) if it.path.startswith(f"lb{number}/")]
    assert addresses(tuple(files)) == [(f"10.20.0.2{number}", False) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "block", ["virtual_ipaddress { 10.20.0.100/24 }", "virtual_ipaddress\n{ 10.20.0.100/24 dev ens192\n}"]
)
def test_a_block_on_fewer_or_more_lines(block: str) -> None:
    old = "virtual_ipaddress {\n        10.20.0.100/24\n    }"
    network = read_pair(hand_made(old, block), "mine")
    assert (network.vip.address, network.vip.prefix) == ("10.20.0.100", 24)


def test_files_are_read_byte_for_byte_and_no_others(written: Write) -> None:
    folder = written(own_pair())
    script = b"#!/bin/bash\r\n\xef\xbb\xbfexit 0\r"
    (folder / "lb1" / "check-haproxy.sh").write_bytes(script)
    (folder / "lb1" / ".haproxy.cfg.swp").write_bytes(b"\xff")
    (folder / ".git").mkdir()
    (folder / ".git" / "index").write_bytes(b"DIRC\xff")
    found = {file.path: file.content.encode() for file in read_bundle_files(folder)}
    assert found["lb1/check-haproxy.sh"] == script
    assert {path.partition("/")[0] for path in found} == {"lb1", "lb2"}
    assert len(found) == 10
    (folder / "lb2" / "haproxy.cfg").write_bytes(b"\xff")
    with pytest.raises(KkplanError, match=r"lb2/haproxy\.cfg: it is not a text file"):
        read_bundle_files(folder)


@pytest.mark.parametrize("path", ["lb1", "lb1/haproxy.cfg", "lb2/notes"])
def test_a_link_is_refused_and_not_read(path: str, written: Write, tmp_path: Path) -> None:
    folder = written(own_pair())
    target = tmp_path / "aside"
    (folder / path).rename(target) if (folder / path).exists() else target.write_text("root:secret\n")
    (folder / path).symlink_to(target)
    with pytest.raises(KkplanError, match=f"{path}: this is a symbolic link"):
        read_bundle_files(folder)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ((), "at least two LB servers"),
        (tuple(it for it in own_pair(lbs=3) if it.path != "lb3/keepalived.conf"), "lb3 has only haproxy.cfg"),
        (changed("lb1/keepalived.conf", "interface ", "# interface "), "lb1/keepalived.conf: interface is missing"),
        (changed("lb2/keepalived.conf", "172.16.0.10/32", "172.16.0.11/32"), "different VIPs or ports"),
        (changed("lb2/haproxy.cfg", "bind *:6443", "bind *:443"), "different VIPs or ports"),
        (
            changed("lb1/haproxy.cfg", "172.16.0.21", "master1.example"),
            "lb1/haproxy.cfg: server master1: master1.example:6443 is not an IP",
        ),
        (changed("lb1/keepalived.conf", "172.16.0.10/32", "172.16.0.10/99"), "is not an IP address"),
        (changed("lb2/haproxy.cfg", "172.16.0.22:6443", "172.16.0.29:6443"), "list different API servers"),
        (changed("lb1/keepalived.conf", "ens192", "enp0s31f6-bond0.4"), "invalid NIC name enp0s31f6-bond0.4"),
        (changed("lb1/haproxy.cfg", "default_backend", "# default_backend"), "no server after it"),
    ],
)
def test_files_that_describe_no_pair(files: tuple[Artifact, ...], message: str) -> None:
    with pytest.raises(KkplanError, match=message.replace(".", r"\.")):
        read_pair(files, "kkplan-out")


OF_NO_MACHINE = ("127.0.0.1", "0.0.0.0", "224.0.0.5", "169.254.1.1", "::1", "::", "ff02::5", "fe80::5")


@pytest.mark.parametrize("address", [*OF_NO_MACHINE, "::ffff:127.0.0.1"])
@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("lb1/haproxy.cfg", "172.16.0.21:", "[{}]:"),
        ("lb2/keepalived.conf", "unicast_src_ip 172.16.0.3", "unicast_src_ip {}"),
        ("lb1/keepalived.conf", "172.16.0.10/32", "{}"),
    ],
)
def test_addresses_that_no_other_machine_reaches(path: str, old: str, new: str, address: str) -> None:
    name = path.partition("/")[2]
    both = old.startswith("172")
    files = tuple(
        it._replace(content=it.content.replace(old, new.format(address)))
        if it.path == path or (both and it.path.endswith(name))
        else it
        for it in own_pair()
    )
    plain = address.removeprefix("::ffff:")
    with pytest.raises(
        KkplanError, match=f"^{path}: {plain} cannot be the address of a machine .*Use an address that other"
    ):
        read_pair(files, "kkplan-out")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("haproxy.cfg", "172.16.0.21:", "172.16.0.10:", "lb1/haproxy.cfg: server master1: 172.16.0.10 is the VIP. Use"),
        ("haproxy.cfg", "172.16.0.22:", "172.16.0.3:", "lb1/haproxy.cfg: server master2: 172.16.0.3 belongs to LB server lb2. Use"),
        ("haproxy.cfg", "172.16.0.22:", "[::ffff:172.16.0.2]:", "lb1/haproxy.cfg: server master2: 172.16.0.2 belongs to LB server lb1. Use"),
        ("haproxy.cfg", "172.16.0.23:", "172.16.0.21:", "lb1/haproxy.cfg: servers master1, master3 have the same address, 172.16.0.21. Use"),
        ("haproxy.cfg", "172.16.0.23:6443", "172.16.0.21:7443", "lb1/haproxy.cfg: servers master1, master3 have the same address, 172.16.0.21. Use"),
        ("lb2/keepalived.conf", "unicast_src_ip 172.16.0.3", "unicast_src_ip 172.16.0.2", "lb2/keepalived.conf: 172.16.0.2 is also the address of LB server lb1. Write"),
        ("lb2/keepalived.conf", "unicast_src_ip 172.16.0.3", "unicast_src_ip 172.16.0.10", "lb2/keepalived.conf: 172.16.0.10 is the VIP. Write"),
    ],
)  # fmt: skip
def test_addresses_that_two_share(name: str, old: str, new: str, message: str) -> None:
    files = tuple(
        it._replace(content=it.content.replace(old, new)) if it.path.endswith(name) else it for it in own_pair()
    )
    with pytest.raises(KkplanError, match=f"^{message}".replace(".", r"\.")):
        read_pair(files, "kkplan-out")


def test_other_backends_are_not_the_endpoint_s() -> None:
    """As on a load balancer that serves an ingress too."""
    ingress = "\nfrontend ingress\n    bind *:443\n    default_backend ingress\nbackend ingress\n    server i1 172.16.0.21:30443\n"
    files = tuple(
        it._replace(content=it.content + ingress) if it.path.endswith("haproxy.cfg") else it for it in own_pair()
    )
    network = read_pair(files, "kkplan-out")
    assert network.port == 6443
    assert [(it.name, it.port) for it in network.backends] == [(f"master{n}", 6443) for n in (1, 2, 3)]


def test_every_machine_has_its_planned_address_and_the_client_a_free_one() -> None:
    planned = planned_addresses(read_pair(own_pair(), "kkplan-out"))
    assert planned["172.16.0.2"] == ("172.16.0.2/24",)
    assert planned[CLIENT_NAME] == ("172.16.0.254/24",)


def test_machines_of_other_subnets_and_families() -> None:
    network = read_pair(own_pair("ipv6"), "kkplan-out")
    other = PairNetwork(
        network.vip,
        network.port,
        network.members,
        tuple(backend._replace(address=f"10.0.0.{number}") for number, backend in enumerate(network.backends, 1)),
    )
    planned = planned_addresses(other)
    assert planned["10.0.0.1"] == ("10.0.0.1/32",)
    for member in other.members:
        assert {ip_interface(address).version for address in planned[member.address]} == {4, 6}


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert "needs Linux" in str(missing_requirement())
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name, path=None: None if name == "keepalived" else name)
    assert "not installed: keepalived. Debian and Ubuntu: apt install keepalived" in str(missing_requirement())
    monkeypatch.setattr("shutil.which", lambda name, path=None: None if name in ("ip", "pkill") else name)
    found = str(missing_requirement())
    assert "apt install iproute2 procps; RHEL and openEuler: dnf install iproute procps-ng; SUSE: zypper" in found
    # Only the guide's health check is killall; kkplan's file names it in a comment.
    monkeypatch.setattr("shutil.which", lambda name, path=None: None if name == "killall" else name)
    guide, own = (read_pair(own_pair(is_guide=is_guide), "") for is_guide in (True, False))
    assert "not installed: killall. Debian and Ubuntu: apt install psmisc" in str(missing_requirement(guide))
    assert "not installed" not in str(missing_requirement(own))
    monkeypatch.setattr("shutil.which", lambda name, path=None: name)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    # sudo does not find a program of a virtual environment by its name.
    for program, words in {
        "/usr/bin/kkplan": "sudo kkplan rehearse",
        "/opt/my venv/bin/kkplan": "sudo '/opt/my venv/bin/kkplan' rehearse",
        "/srv/kkplan/__main__.py": f"sudo {sys.executable} -m kkplan rehearse",
    }.items():
        monkeypatch.setattr("sys.argv", [program])
        assert words in str(missing_requirement())


@pytest.mark.parametrize("folder", ["/run/user/0", "/dev/shm"])
def test_a_folder_that_machines_of_a_lab_do_not_see(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name, path=None: name)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("kkplan.lab.requirements._FOLDERS", ())
    monkeypatch.setattr("sys.executable", f"{folder}/python3")
    assert f"kkplan runs from {folder}, which a rehearsal replaces" in str(missing_requirement())


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("x", "x", [["/bin/bash", "/etc/keepalived/check-haproxy.sh", "--wait"]]),
        ("ExecStartPre=/bin/bash", "ExecStartPre=-/bin/bash", []),
        ("--wait", "'a; b' \"$(c)\"", [["/bin/bash", "/etc/keepalived/check-haproxy.sh", "a; b", "$(c)"]]),
    ],
)
def test_what_systemd_runs_before_keepalived(old: str, new: str, found: list[list[str]]) -> None:
    files = tuple(
        it._replace(
            content=it.content.replace(old, new)
            if it.path.endswith("restart.conf")
            else f"ExecStartPre=/no '\n{it.content}"
        )
        for it in own_pair()
    )
    member = read_pair(files, "out").members[0]
    assert start_conditions(member) == found


def test_an_unclosed_quote_in_the_drop_in() -> None:
    member = read_pair(changed("lb1/kkplan-restart.conf", "--wait", "'--wait"), "out").members[0]
    with pytest.raises(LabError, match=r"lb1/kkplan-restart\.conf:\d+: ExecStartPre has an unclosed quote"):
        start_conditions(member)
