"""KK144: Cilium without kube-proxy goes to the endpoint's address."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, ROLES, config_text, found, found_in_plan, host, line_with

CILIUM = "kubernetes:\n  disableKubeProxy: true\nnetwork:\n  plugin: cilium\n"
HAPROXY = "internalLoadbalancer: haproxy"


def test_with_internal_haproxy_it_hangs_on_one_machine() -> None:
    text = config_text(HAPROXY, more=CILIUM)
    (finding,) = found("KK144", text)
    assert (finding.severity, finding.line) == (Severity.WARNING, line_with(text, "disableKubeProxy:"))
    assert "172.16.0.4 (master1)" in finding.message.english
    assert len(found_in_plan("KK144", config_text('address: ""', more=CILIUM), "internal-haproxy")) == 1


@pytest.mark.parametrize("endpoint", ["externalDNS: true", f"{HAPROXY}\nexternalDNS: true"])
def test_with_a_name_only_it_hangs_on_an_ssh_address(endpoint: str) -> None:
    """kk fills the address in once the cluster is there, with where SSH goes."""
    hosts = (host("master1", "10.9.0.1", "172.16.0.4"), *MASTERS[1:], *NODES)
    (finding,) = found("KK144", config_text(endpoint, hosts=hosts, more=CILIUM))
    assert "10.9.0.1 (master1)" in finding.message.english
    by_name = found_in_plan("KK144", config_text('address: ""', more=CILIUM), "cloud-lb", dns_name="lb.example.com")
    assert [one.severity for one in by_name] == [Severity.WARNING]
    k3s = CILIUM.replace("kubernetes:\n", "kubernetes:\n  type: k3s\n")
    assert found("KK144", config_text(endpoint, more=k3s)) == []


@pytest.mark.parametrize(
    ("endpoint", "more"),
    [
        ("address: 172.16.0.100", CILIUM),
        ("internalLoadbalancer: kube-vip\naddress: 172.16.0.100", CILIUM),
        ('address: ""', CILIUM),
        ("address: 172.16.0.5", CILIUM),
        ("address: 172.16.0.7", CILIUM),
        (f"{HAPROXY}\naddress: 172.16.0.100", CILIUM),
        (HAPROXY, CILIUM.replace("cilium", "calico")),
        (HAPROXY, CILIUM.replace("true", "false")),
    ],
)
def test_silent_where_it_has_a_load_balancer_or_others_tell(endpoint: str, more: str) -> None:
    """Without any load balancer every node hangs on one machine: KK101, KK102 and KK104."""
    assert found("KK144", config_text(endpoint, more=more)) == []


def test_silent_with_one_control_plane() -> None:
    roles = {**ROLES, "control-plane": ("master1",)}
    assert found("KK144", config_text(HAPROXY, roles=roles, more=CILIUM)) == []
