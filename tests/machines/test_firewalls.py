"""ufw and firewalld as Debian has them, active before install.sh runs."""

from __future__ import annotations

import pytest

from kkplan.lab.pair_lab import wait_until
from tests.machines.conftest import Pairs
from tests.machines.pair import VIP, BootedPair
from tests.machines.server import BootedServer
from tests.machines.test_install import installed, serves

CLOSED_PORT = 9999


def start_firewall(server: BootedServer, firewall: str) -> None:
    server.succeed("apt-get", "update")
    server.succeed("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q", firewall)
    if firewall == "ufw":
        server.succeed("ufw", "allow", "22/tcp")
        server.succeed("ufw", "--force", "enable")
    else:
        server.succeed("systemctl", "start", "firewalld")
        assert server.succeed("firewall-cmd", "--state").strip() == "running"


def connects(pair: BootedPair, address: str, port: int) -> bool:
    """Whether the client gets a TCP connection."""
    program = f"import socket; socket.create_connection(('{address}', {port}), 2)"
    return pair.client.run("python3", "-c", program)[0] == 0


@pytest.mark.parametrize("firewall", ["ufw", "firewalld"])
def test_clients_and_adverts_get_through(fresh_pair: Pairs, firewall: str) -> None:
    pair = fresh_pair()
    for server in pair.lbs.values():
        start_firewall(server, firewall)
    for name in pair.lbs:
        assert f"{firewall}: " in installed(pair, name)
    assert serves(pair)
    # It does keep something out.
    with pair.lbs["lb1"].start_shell(f"exec python3 -m http.server {CLOSED_PORT}") as listener:
        try:
            inside = f"</dev/tcp/127.0.0.1/{CLOSED_PORT}"
            assert wait_until(lambda: pair.lbs["lb1"].inside("bash", "-c", inside)[0] == 0, 10)
            assert not connects(pair, pair.lbs["lb1"].member.address, CLOSED_PORT)
        finally:
            listener.kill()
            pair.lbs["lb1"].run("pkill", "-f", f"http.server {CLOSED_PORT}")

    # Adverts go in both directions: the VIP moves, and one server has it.
    pair.lbs["lb1"].stop_haproxy()
    assert wait_until(lambda: pair.holders() == ("lb2",), 10)
    assert serves(pair)

    # The rules are there after a boot, too.
    for name in pair.lbs:
        pair.switch_off(name)
    for name in pair.lbs:
        pair.switch_on(name)
    for server in pair.lbs.values():
        server.wait_for_boot()
    assert serves(pair)
    assert connects(pair, VIP, 22)
