"""KK130: kube-vip with ipvs."""

from __future__ import annotations

import pytest

from tests.rules.conftest import config_text, found, line_with

KUBE_VIP = "internalLoadbalancer: kube-vip\naddress: 172.16.0.100"


@pytest.mark.parametrize(
    "more",
    [
        "",
        "kubernetes: {proxyMode: ipvs}\n",
        "kubernetes: {proxyMode: iptables, kubeProxyConfiguration: {mode: ipvs}}\n",
        "kubernetes: {kubeProxyConfiguration: {ipvs: {excludeCIDRs: [10.0.0.0/8, nonsense]}}}\n",
        "kubernetes: {kubeProxyConfiguration: {ipvs: {}}}\n",
    ],
)
def test_a_vip_that_nothing_protects(more: str) -> None:
    """ipvs is the default."""
    text = config_text(KUBE_VIP, more=more)
    (finding,) = found("KK130", text)
    assert finding.line == line_with(text, "internalLoadbalancer:")


@pytest.mark.parametrize(
    ("endpoint", "more"),
    [
        (KUBE_VIP, "kubernetes: {proxyMode: iptables}\n"),
        (KUBE_VIP, "kubernetes: {kubeProxyConfiguration: {mode: iptables}}\n"),
        (KUBE_VIP, "kubernetes: {disableKubeProxy: true}\n"),
        (KUBE_VIP, "kubernetes: {kubeProxyConfiguration: {ipvs: {excludeCIDRs: [172.16.0.100/32]}}}\n"),
        (KUBE_VIP, 'kubernetes:\n  kubeProxyConfiguration:\n    ipvs:\n      excludeCIDRs:\n      - "172.16.0.0/24"\n'),
        ("address: 172.16.0.100", ""),
        ("internalLoadbalancer: kube-vip", ""),
    ],
)
def test_silent_where_it_is_excluded_or_there_is_none(endpoint: str, more: str) -> None:
    """A missing VIP is KK110's."""
    assert found("KK130", config_text(endpoint, more=more)) == []


@pytest.mark.parametrize(
    ("flags", "is_found"),
    [
        ("proxyMode: iptables", True),
        ("proxyMode: iptables, disableKubeProxy: true", True),
        ("kubeProxyConfiguration: {mode: iptables, ipvs: {excludeCIDRs: [172.16.0.100/32]}}", True),
        ("kubeProxyArgs: [proxy-mode=iptables]", False),
        ('kubeProxyArgs: ["ipvs-exclude-cidrs=10.0.0.0/8,172.16.0.0/24"]', False),
        ("kubeProxyArgs: [v=2, 7]", True),
    ],
)
@pytest.mark.parametrize("kind", ["k3s", "k8e"])
def test_k3s_takes_flags_only(kind: str, flags: str, is_found: bool) -> None:
    """kk gives their kube-proxy proxy-mode=ipvs, and kubeProxyArgs over it."""
    findings = found("KK130", config_text(KUBE_VIP, more=f"kubernetes: {{type: {kind}, {flags}}}\n"))
    assert bool(findings) is is_found
    assert all("kubeProxyArgs" in finding.advice.english for finding in findings)
