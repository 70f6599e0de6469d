"""KK104: the endpoint's address must not be a host's own, nor the loopback one."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, ROLES, config_text, found, found_in_plan, host, line_with


def test_the_address_of_a_control_plane() -> None:
    """It names the host and where it stands."""
    text = config_text('domain: lb.kubesphere.local\naddress: "172.16.0.5"')
    (finding,) = found("KK104", text)
    assert (finding.id, finding.severity) == ("KK104", Severity.ERROR)
    assert finding.line == line_with(text, 'address: "172.16.0.5"')
    assert f"host master2 (line {line_with(text, 'name: master2')})" in finding.message.english


def test_the_address_of_a_worker() -> None:
    """No machine of the cluster is a load balancer."""
    (finding,) = found("KK104", config_text("address: 172.16.0.8"))
    assert "host node2" in finding.message.english


@pytest.mark.parametrize("address", ["203.0.113.4", "172.16.0.4", "fd00::4", "FD00:0:0:0:0:0:0:0004"])
def test_every_address_of_a_dual_stack_host(address: str) -> None:
    """That of SSH, the internal ones, and IPv6 however it is spelled."""
    first = host("master1", "203.0.113.4", '"172.16.0.4, fd00:0::4"')
    (finding,) = found("KK104", config_text(f'address: "{address}"', hosts=(first, *MASTERS[1:], *NODES)))
    assert "host master1" in finding.message.english


def test_the_loopback_address() -> None:
    """kk replaces it by the first control plane's, with kube-vip too."""
    for endpoint in ("address: 127.0.0.1", "internalLoadbalancer: kube-vip\naddress: 127.0.0.1"):
        text = config_text(endpoint)
        (finding,) = found("KK104", text)
        assert finding.line == line_with(text, "address: 127.0.0.1")
        assert "kk replaces it" in finding.message.english


@pytest.mark.parametrize("address", ['"172.16.0.100"', '""', "null", "172.16.0.40", "fd00::1:4", "lb.example.com"])
def test_silent_for_an_address_that_no_host_has(address: str) -> None:
    """Addresses are compared whole: 172.16.0.40 is not 172.16.0.4."""
    first = host("master1", "172.16.0.4", '"172.16.0.4,fd00::4"')
    assert found("KK104", config_text(f"address: {address}", hosts=(first, *MASTERS[1:], *NODES))) == []


@pytest.mark.parametrize("address", ["127.0.0.1", "172.16.0.4"])
def test_silent_for_the_only_control_plane_s_own(address: str) -> None:
    """kk writes the same by itself, and KK108 has it; another host's address is still wrong."""
    roles = {**ROLES, "control-plane": ("master1",)}
    assert found("KK104", config_text(f"address: {address}", roles=roles)) == []
    assert len(found("KK104", config_text("address: 172.16.0.8", roles=roles))) == 1
    by_kube_vip = f"internalLoadbalancer: kube-vip\naddress: {address}"
    assert len(found("KK104", config_text(by_kube_vip, roles=roles))) == 1


def test_silent_with_haproxy() -> None:
    """No address at all goes with it, and KK101 says so: "give another one" would be the wrong advice."""
    text = config_text("internalLoadbalancer: haproxy\naddress: 172.16.0.5")
    assert found("KK104", text) == []
    assert len(found("KK101", text)) == 1


def test_a_vip_or_load_balancer_that_a_host_has() -> None:
    """What is planned is judged, not today's empty address."""
    text = config_text('address: ""')
    (finding,) = found_in_plan("KK104", text, "cloud-lb", address="172.16.0.4")
    assert finding.line == line_with(text, 'address: ""')
    assert (
        len(found_in_plan("KK104", text, "keepalived", address="172.16.0.4/24", lb=("a=172.16.0.2", "b=172.16.0.3")))
        == 1
    )
    assert found_in_plan("KK104", text, "cloud-lb", address="172.16.0.100") == []


def behind_nat(internal: str = "172.16.0.{}") -> tuple[str, ...]:
    """Hosts that SSH reaches at one address, each at a port of its own."""
    return tuple(
        host(name, "203.0.113.9", internal.format(number)).replace("user: root", f"port: {50200 + number}, user: root")
        for number, name in enumerate(("master1", "master2", "master3", "node1", "node2"), 4)
    )


def test_the_address_of_a_nat_gateway_is_no_host_s() -> None:
    """Where SSH reaches several hosts is only mentioned; an internal address is a host's own all the same."""
    (finding,) = found("KK104", config_text("address: 203.0.113.9", hosts=behind_nat()))
    assert finding.severity is Severity.INFO
    assert "so it is a NAT gateway" in finding.message.english
    (finding,) = found("KK104", config_text("address: 172.16.0.5", hosts=behind_nat()))
    assert (finding.severity, "host master2" in finding.message.english) == (Severity.ERROR, True)
