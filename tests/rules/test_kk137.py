"""KK137: a port that neither an API server nor kube-vip listens at."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ROLES, config_text, found, found_in_plan, line_with, mended

ONE = {**ROLES, "control-plane": ("master1",)}
KUBE_VIP = "internalLoadbalancer: kube-vip\naddress: 172.16.0.100\nport: 8443"


@pytest.mark.parametrize(
    "endpoint",
    ["port: 8443", "address: 127.0.0.1\nport: 8443", KUBE_VIP],
)
@pytest.mark.parametrize("roles", [ROLES, ONE], ids=["three", "one"])
def test_nodes_go_to_an_api_server_or_kube_vip(endpoint: str, roles: dict[str, tuple[str, ...]]) -> None:
    """An empty address is the first control plane's, 127.0.0.1 too."""
    text = config_text(endpoint, roles=roles)
    (finding,) = found("KK137", text)
    assert finding.severity is Severity.ERROR
    assert finding.line == line_with(text, "port: 8443")


@pytest.mark.parametrize(
    "endpoint",
    [
        "port: 6443",
        "port: 0",
        "address: 172.16.0.100\nport: 8443",
        "address: 172.16.0.4\nport: 8443",
        "internalLoadbalancer: haproxy\nport: 8443",
        KUBE_VIP.replace("8443", "6443"),
    ],
)
def test_silent_where_a_load_balancer_may_listen(endpoint: str) -> None:
    """A host's own address may have one at another port; haproxy's port is KK103's."""
    assert found("KK137", config_text(endpoint)) == []


@pytest.mark.parametrize("roles", [ROLES, ONE], ids=["three", "one"])
@pytest.mark.parametrize("endpoint", ["port: 8443", "externalDNS: true\nport: 8443"])
def test_silent_where_dns_leads_to_a_load_balancer(endpoint: str, roles: dict[str, tuple[str, ...]]) -> None:
    """kk leaves /etc/hosts alone; where it does not, KK115 says what shadows the DNS name."""
    text = config_text(endpoint, roles=roles, more="system: {skipConfigureOS: true}\n")
    assert found("KK137", text) == []
    assert found("KK137", config_text("externalDNS: true\nport: 8443", roles=roles)) == []


def test_kube_vip_s_port_is_mended() -> None:
    """Without a load balancer its address may be what is missing."""
    text = config_text(KUBE_VIP)
    assert mended("KK137", text) == text.replace("8443", "6443")
    alone = config_text("port: 8443")
    assert mended("KK137", alone) == alone


def test_a_load_balancer_that_is_planned() -> None:
    """Its address is what was missing."""
    assert found_in_plan("KK137", config_text("port: 8443"), "cloud-lb", address="172.16.0.100", port="8443") == []
