"""KK131: a port of KubeKey's HAProxy that something else takes."""

from __future__ import annotations

import pytest

from tests.rules.conftest import ROLES, config_text, found, line_with

HAPROXY = "internalLoadbalancer: haproxy"


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (
            "kubernetes:\n  kubeletConfiguration:\n    healthzPort: 8081\n",
            "kubernetes.kubeletConfiguration: healthzPort",
        ),
        (
            "kubernetes:\n  kubeProxyConfiguration:\n    metricsBindAddress: 0.0.0.0:8081\n",
            "metricsBindAddress uses port 8081",
        ),
        ("kubernetes:\n  kubeletArgs:\n  - --healthz-port=8081\n", "kubernetes.kubeletArgs: healthz-port"),
        ("kubernetes:\n  kubeProxyArgs:\n  - healthz-bind-address=[::]:6443\n", "uses port 6443"),
    ],
)
def test_what_kubelet_and_kube_proxy_listen_at(more: str, what: str) -> None:
    """At the line of the value."""
    text = config_text(HAPROXY, more=more)
    (finding,) = found("KK131", text)
    assert what in finding.message.english
    assert finding.line == len(text.splitlines())


def test_etcd_on_a_worker() -> None:
    """On a control plane there is no HAProxy."""
    more = "etcd:\n  port: 2379\n  peerPort: 8081\n"
    text = config_text(HAPROXY, roles={**ROLES, "etcd": ("master1", "master2", "node1")}, more=more)
    (finding,) = found("KK131", text)
    assert finding.line == line_with(text, "peerPort: 8081")
    assert found("KK131", config_text(HAPROXY, more=more)) == []


@pytest.mark.parametrize(
    ("endpoint", "more"),
    [
        (HAPROXY, ""),
        (HAPROXY, "kubernetes: {kubeletConfiguration: {healthzPort: 10248, maxPods: 8081}}\n"),
        (HAPROXY, "kubernetes: {kubeletArgs: [--max-pods=8081, nonsense]}\n"),
        ("address: 172.16.0.100", "kubernetes: {kubeletConfiguration: {healthzPort: 8081}}\n"),
    ],
)
def test_silent_for_other_ports_and_without_haproxy(endpoint: str, more: str) -> None:
    """A number that is no port is none."""
    assert found("KK131", config_text(endpoint, more=more)) == []
