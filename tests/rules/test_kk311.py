"""KK311: two hosts with the same address."""

from __future__ import annotations

import pytest

from tests.rules.conftest import MASTERS, NODES, config_text, found, host, line_with


@pytest.mark.parametrize(
    "other",
    [
        host("node3", "172.16.0.8"),
        host("node3", "1.2.3.4", "172.16.0.8"),
        host("node3", "172.16.0.9", '"172.16.0.9,FD00:0::8"'),
    ],
)
def test_the_second_one(other: str) -> None:
    """However an IPv6 address is spelled."""
    hosts = (*MASTERS, NODES[0], host("node2", "172.16.0.8", '"172.16.0.8,fd00::8"'), other)
    text = config_text(hosts=hosts)
    (finding,) = found("KK311", text)
    assert finding.line == line_with(text, "name: node3")
    assert f"as node2 (line {line_with(text, 'name: node2')})" in finding.message.english


def test_silent_for_one_bastion_and_for_names() -> None:
    """SSH may go to one address, with a port for each machine; two of one name are KK310's."""
    behind = tuple(
        host(f"n{n}", "10.0.0.1", f"172.16.0.{n}").replace("user:", f"port: 400{n}, user:") for n in range(20, 23)
    )
    assert found("KK311", config_text(hosts=(*MASTERS, *NODES, *behind))) == []
    assert found("KK311", config_text(hosts=(*MASTERS, *NODES, NODES[1]))) == []


@pytest.mark.parametrize("port", ["", "port: 22, ", "PORT: 0, "])
def test_one_ssh_address_with_one_port(port: str) -> None:
    """22 where none is given: kk would work on one machine for both."""
    behind = (host("n1", "10.0.0.1", "172.16.0.21"), host("n2", "10.0.0.1", "172.16.0.22"))
    text = config_text(hosts=(*MASTERS, *NODES, behind[0], behind[1].replace("user:", f"{port}user:")))
    (finding,) = found("KK311", text)
    assert finding.line == line_with(text, "name: n2")
    assert "SSH connects to 10.0.0.1 port 22 for both n2 and n1" in finding.message.english
