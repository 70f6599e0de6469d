"""KK305: an unknown value."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, config_text, found, line_with


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("kubernetes:\n  proxyMode: IPVS\n", "ipvs"),
        ("kubernetes:\n  containerManager: containerD\n", "containerd"),
        ("network:\n  plugin: calicoo\n", "calico"),
        ("etcd:\n  type: external-etcd\n", "external"),
    ],
)
def test_the_values_that_work_are_told(more: str, told: str) -> None:
    text = config_text(more=more)
    (finding,) = found("KK305", text)
    assert finding.line == line_with(text, more.strip().splitlines()[-1].strip())
    assert told in str(finding.advice)
    assert "None" not in str(finding.advice)


def test_an_api_version_is_a_warning() -> None:
    """kk 3 reads the document whatever stands there."""
    text = config_text().replace("kubesphere.io/v1alpha2", "kubesphere.io/v1alpha3")
    (finding,) = found("KK305", text)
    assert (finding.severity, finding.line) == (Severity.WARNING, 1)
    (finding,) = found("KK305", config_text(more="etcd: {type: x}\n"))
    assert finding.severity is Severity.ERROR


def test_a_port_that_cannot_be() -> None:
    hosts = (*MASTERS, NODES[0], NODES[1].replace("user: root", "port: 70000"))
    (finding,) = found("KK305", config_text(hosts=hosts))
    assert "65535" in str(finding.advice)


@pytest.mark.parametrize(
    "more",
    [
        "kubernetes:\n  proxyMode: ipvs\n  containerManager: isula\n",
        "kubernetes: {proxyMode: nftables}\n",
        'network:\n  plugin: ""\n',
        "etcd: {type: kubekey}\n",
    ],
)
def test_silent_for_what_it_knows(more: str) -> None:
    assert found("KK305", config_text(more=more)) == []
