"""KK105: an LB server that is a node of the cluster."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, config_text, found, found_for_pair, host, line_with


def test_a_control_plane_with_the_same_port() -> None:
    """Its API server holds 6443 on all addresses: HAProxy cannot start."""
    text = config_text()
    (finding,) = found_for_pair("KK105", "lb1=172.16.0.2", "lb2=172.16.0.5", text=text)
    assert (finding.id, finding.severity) == ("KK105", Severity.ERROR)
    assert finding.line == line_with(text, "name: master2")
    assert finding.message.english == (
        "LB server lb2 is cluster node master2, where kube-apiserver holds port 6443: HAProxy cannot start"
    )


def test_a_control_plane_with_another_port_is_only_a_warning() -> None:
    """HAProxy on 8443 starts beside the API server."""
    (finding,) = found_for_pair("KK105", "lb1=172.16.0.2", "lb2=172.16.0.5", port="8443")
    assert finding.severity is Severity.WARNING
    assert "cluster node master2" in finding.message.english


def test_a_worker_is_only_a_warning() -> None:
    """Nothing listens on 6443 there."""
    text = config_text()
    (finding,) = found_for_pair("KK105", "lb1=172.16.0.2", "lb2=172.16.0.8", text=text)
    assert finding.severity is Severity.WARNING
    assert finding.line == line_with(text, "name: node2")


def test_a_control_plane_of_the_group_master_that_works_too() -> None:
    """Being a worker as well does not free its port."""
    roles = {"etcd": ("master1",), "master": ("master[1:3]",), "worker": ("master3", "node1")}
    (finding,) = found_for_pair("KK105", "lb1=172.16.0.2", "lb2=172.16.0.6", text=config_text(roles=roles))
    assert finding.severity is Severity.ERROR


def test_ipv6_addresses_however_they_are_spelled() -> None:
    """The second internal address of a dual-stack host counts."""
    first = host("master1", "172.16.0.4", '"172.16.0.4,FD00:0:0::4"')
    text = config_text(hosts=(first, *MASTERS[1:], *NODES))
    (finding,) = found_for_pair("KK105", "lb1=fd00::2", "lb2=fd00::4", vip="fd00::100/64", text=text)
    assert "cluster node master1, where kube-apiserver" in finding.message.english


@pytest.mark.parametrize(
    ("address", "port", "holder"),
    [
        ("172.16.0.8", "30443", "kube-proxy (NodePort)"),
        ("172.16.0.8", "10250", "kubelet"),
        ("172.16.0.5", "2379", "etcd"),
        ("172.16.0.5", "10259", "kube-scheduler"),
    ],
)
def test_a_port_that_the_cluster_uses_on_that_node(address: str, port: str, holder: str) -> None:
    """On a worker as on a control plane."""
    (finding,) = found_for_pair("KK105", "lb1=172.16.0.2", f"lb2={address}", port=port)
    assert finding.severity is Severity.ERROR
    assert f", where {holder} holds port {port}: " in finding.message.english


def test_a_port_that_is_used_elsewhere_only() -> None:
    """No etcd and no API server on a worker."""
    for port in ("2379", "10259", "6443"):
        (finding,) = found_for_pair("KK105", "lb1=172.16.0.2", "lb2=172.16.0.8", port=port)
        assert finding.severity is Severity.WARNING


def test_silent_for_servers_outside_the_cluster() -> None:
    """And where no server is known."""
    assert found_for_pair("KK105", "lb1=172.16.0.2", "lb2=172.16.0.3") == []
    assert found("KK105", config_text()) == []
