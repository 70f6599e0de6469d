"""KK313: an internalAddress of two."""

from __future__ import annotations

import pytest

from tests.rules.conftest import MASTERS, NODES, ROLES, config_text, found, host, line_with


@pytest.mark.parametrize(
    "internal",
    [
        '"fd00::9,172.16.0.9"',
        '"172.16.0.9, fd00::9"',
        '"172.16.0.9,172.16.1.9"',
        '"172.16.0.9,fd00::9,fd00::10"',
        '"172.16.0.9,"',
    ],
)
def test_what_kk_reads_otherwise(internal: str) -> None:
    """The order, a blank, two of one family, three, or nothing behind the comma."""
    text = config_text(hosts=(*MASTERS, *NODES, host("node3", "172.16.0.9", internal)))
    (finding,) = found("KK313", text)
    assert finding.line == line_with(text, "name: node3")
    assert finding.place is not None
    assert text.splitlines()[finding.line - 1][finding.place.column - 1 :].startswith("internalAddress: ")


@pytest.mark.parametrize("address", ["", 'address: "", ', "address: null, "])
def test_two_addresses_and_none_for_ssh(address: str) -> None:
    """kk copies the whole text into address."""
    line = f'- {{name: node3, {address}internalAddress: "172.16.0.9,fd00::9", user: root}}'
    (finding,) = found("KK313", config_text(hosts=(*MASTERS, *NODES, line)))
    assert "over SSH to 172.16.0.9,fd00::9" in finding.message.english
    assert finding.advice.english == "Set address too, e.g. 172.16.0.9"


@pytest.mark.parametrize("internal", ['"172.16.0.9,fd00::9"', "172.16.0.9", "fd00::9"])
def test_silent_for_one_and_for_both_in_order(internal: str) -> None:
    """IPv4 first."""
    assert found("KK313", config_text(hosts=(*MASTERS, *NODES, host("node3", "172.16.0.9", internal)))) == []


@pytest.mark.parametrize(("group", "count"), [("control-plane", 1), ("etcd", 1), ("worker", 0)])
def test_ipv6_alone_where_etcd_or_an_api_server_runs(group: str, count: int) -> None:
    """etcd's URLs get it without brackets, and KubeKey 3's service network cannot start with IPv6."""
    hosts = (*MASTERS, *NODES, host("node3", "172.16.0.9", "fd00::9"))
    text = config_text(hosts=hosts, roles={**ROLES, group: (*ROLES[group], "node3")})
    assert [finding.line for finding in found("KK313", text)] == [line_with(text, "name: node3")] * count


def test_an_address_from_a_merge_key() -> None:
    """kk reads it like the host's own."""
    line = '- {<<: {internalAddress: "fd00::9,172.16.0.9"}, name: node3, address: 172.16.0.9, user: root}'
    text = config_text(hosts=(*MASTERS, *NODES, line))
    (finding,) = found("KK313", text)
    assert finding.line == line_with(text, "name: node3")
