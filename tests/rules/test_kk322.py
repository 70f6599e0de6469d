"""KK322: networks that overlap."""

from __future__ import annotations

import pytest

from tests.rules.conftest import MASTERS, NODES, config_text, found, found_for_pair, found_in_plan, host, line_with


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ("kubePodsCIDR: 10.233.0.0/16", "overlaps"),
        (
            "kubePodsCIDR: 10.1.0.0/16\n  kubeServiceCIDR: 10.1.128.0/24",
            "kubeServiceCIDR 10.1.128.0/24 overlaps kubePodsCIDR 10.1.0.0/16",
        ),
        ("kubePodsCIDR: 172.16.0.0/12", "kubePodsCIDR 172.16.0.0/12 contains 172.16.0.4 of master1"),
    ],
)
def test_networks_that_share_addresses(network: str, message: str) -> None:
    """Each other's, a default's, a machine's, the VIP's."""
    text = config_text(more=f"network:\n  {network}\n")
    (finding,) = found("KK322", text)
    assert message in finding.message.english
    assert finding.line >= line_with(text, "network:")


@pytest.mark.parametrize(
    ("network", "address", "message"),
    [
        ("plugin: kubeovn", "100.64.3.9", "joinCIDR 100.64.0.0/16 contains 100.64.3.9 of node3"),
        ("plugin: kubeovn\n  kubeovn: {joinCIDR: 192.168.0.0/16}", "192.168.0.9", "joinCIDR 192.168.0.0/16 contains"),
        ("plugin: kubeovn\n  kubeovn: {joinCIDR: 10.233.0.0/24}", "172.16.0.9", "joinCIDR 10.233.0.0/24 overlaps"),
    ],
)
def test_the_join_network_of_kube_ovn(network: str, address: str, message: str) -> None:
    """With its default too, and with this plugin only."""
    hosts = (*MASTERS, *NODES, host("node3", address))
    (finding,) = found("KK322", config_text(hosts=hosts, more=f"network:\n  {network}\n"))
    assert finding.message.english.startswith(message)
    other = network.replace("plugin: kubeovn", "plugin: calico")
    assert found("KK322", config_text(hosts=hosts, more=f"network:\n  {other}\n")) == []


def test_a_machine_within_a_default_network() -> None:
    """Where the file names none, the line is that of spec or network."""
    hosts = (*MASTERS, *NODES, host("node3", "10.233.5.9"))
    (finding,) = found("KK322", config_text(hosts=hosts))
    assert finding.message.english == "kubeServiceCIDR 10.233.0.0/18 contains 10.233.5.9 of node3"


@pytest.mark.parametrize(
    "network",
    [
        "kubePodsCIDR: 10.233.64.0/18",
        'kubePodsCIDR: "10.1.0.0/16,fd00:1::/64"',
        "kubePodsCIDR: nonsense",
        "plugin: flannel",
    ],
)
def test_silent_for_networks_apart(network: str) -> None:
    """What is no network is KK321's."""
    assert found("KK322", config_text(more=f"network:\n  {network}\n")) == []


@pytest.mark.parametrize("network", ["kubeServiceCIDR: 172.16.0.96/28", "kubePodsCIDR: 172.16.0.96/28"])
def test_the_endpoint_in_a_network_of_pods_or_services(network: str) -> None:
    """As it is and as a plan would make it, with the address of a load balancer or a VIP."""
    text = config_text(more=f"network: {{{network}}}\n")
    (finding,) = found("KK322", text)
    assert finding.line == line_with(text, 'address: "172.16.0.100"')
    empty = config_text('address: ""', more=f"network: {{{network}}}\n")
    assert len(found_in_plan("KK322", empty, "cloud-lb", address="172.16.0.100")) == 1
    assert len(found_for_pair("KK322", "lb1=172.16.0.2", "lb2=172.16.0.3", text=empty)) == 1
    assert len(found_for_pair("KK322", "lb1=172.16.0.97", "lb2=172.16.0.3", vip="172.16.0.10/24", text=empty)) == 1
    assert found_in_plan("KK322", empty, "cloud-lb", address="172.16.0.10") == []
