"""KK138: KubeKey's load balancers go by the address of SSH."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, ROLES, config_text, found, host, line_with

HAPROXY = "internalLoadbalancer: haproxy"
KUBE_VIP = "internalLoadbalancer: kube-vip\naddress: 172.16.0.100"
OUTSIDE = host("master2", "139.198.1.5", "172.16.0.5")


@pytest.mark.parametrize(
    ("endpoint", "message"),
    [
        (HAPROXY, "SSH address 139.198.1.5:6443"),
        ("internalLoadbalancer: kube-vip\naddress: 139.198.1.100", "kk finds master2's NIC"),
    ],
)
def test_a_control_plane_that_ssh_reaches_from_outside(endpoint: str, message: str) -> None:
    """A public address outside and a private one inside."""
    text = config_text(endpoint, hosts=(MASTERS[0], OUTSIDE, MASTERS[2], *NODES))
    (finding,) = found("KK138", text)
    assert message in finding.message.english
    assert (finding.severity, finding.line) == (Severity.WARNING, line_with(text, "name: master2"))


def test_one_address_for_two_control_planes() -> None:
    """As behind a bastion host, where the ports differ: HAProxy has one server only."""
    hosts = (host("master1", "10.0.0.1", "172.16.0.4"), host("master2", "10.0.0.1", "172.16.0.5"), MASTERS[2], *NODES)
    text = config_text(HAPROXY, hosts=hosts)
    (finding,) = found("KK138", text)
    assert "for both master2 and master1" in finding.message.english
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "name: master2"))
    assert found("KK138", config_text(hosts=hosts)) == []


@pytest.mark.parametrize(
    ("endpoint", "other"),
    [
        (HAPROXY, host("master2", "10.0.0.5", "172.16.0.5")),
        (HAPROXY, host("master2", "139.198.1.5", "139.198.2.5")),
        (HAPROXY, host("master2", "bastion", "172.16.0.5")),
        (HAPROXY, host("master2", "172.16.0.5", '"172.16.0.5,2022::5"')),
        ("address: 172.16.0.100", OUTSIDE),
        (f"{KUBE_VIP}\nkubevip: {{mode: BGP}}", OUTSIDE),
    ],
)
def test_silent_where_the_address_may_be_the_machine_s(endpoint: str, other: str) -> None:
    """Two networks of its own, a name, dual stack; a load balancer of one's own; BGP, which needs no NIC."""
    assert found("KK138", config_text(endpoint, hosts=(MASTERS[0], other, MASTERS[2], *NODES))) == []


def test_silent_where_haproxy_is_on_no_machine() -> None:
    """KK119's."""
    roles = {**ROLES, "worker": ("master1",)}
    assert found("KK138", config_text(HAPROXY, roles=roles, hosts=(MASTERS[0], OUTSIDE, MASTERS[2], *NODES))) == []


@pytest.mark.parametrize("outer", ["139.198.1.{}", "192.168.50.{}"])
def test_kube_vip_on_the_nic_of_ssh(outer: str) -> None:
    """The VIP is in the network of the internal addresses; kube-vip goes by address, be it NAT's or a second NIC's."""
    hosts = [host(f"master{number}", outer.format(number), f"172.16.0.{number + 3}") for number in (1, 2, 3)]
    text = config_text(KUBE_VIP, hosts=(*hosts, *NODES))
    findings = found("KK138", text)
    assert [finding.severity for finding in findings] == [Severity.ERROR] * 3
    assert findings[0].line == line_with(text, "name: master1")
    assert found("KK138", config_text(f"{KUBE_VIP}\nkubevip: {{mode: BGP}}", hosts=(*hosts, *NODES))) == []
    on_ssh_s = config_text("internalLoadbalancer: kube-vip\naddress: 192.168.50.100", hosts=(*hosts, *NODES))
    assert all(finding.severity is Severity.WARNING for finding in found("KK138", on_ssh_s)) or outer.startswith("139")
