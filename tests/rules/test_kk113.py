"""KK113: a key of controlPlaneEndpoint that KubeKey drops without a word."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ENDPOINT, config_text, found, line_with


@pytest.mark.parametrize(
    ("key", "advice"),
    [
        ("adress", "Did you mean address?"),
        ("internalLoadBalance", "Did you mean internalLoadbalancer?"),
        ("kube-vip", "Did you mean kubevip?"),
        ("replicas", "Known keys: internalLoadbalancer, domain, externalDNS, address, port, kubevip"),
    ],
)
def test_an_unknown_key(key: str, advice: str) -> None:
    """The nearest known one is proposed."""
    text = config_text(f"domain: lb.kubesphere.local\n{key}: x\naddress: 172.16.0.100")
    (finding,) = found("KK113", text)
    assert (finding.id, finding.severity) == ("KK113", Severity.WARNING)
    assert finding.line == line_with(text, f"{key}: x")
    assert f"the key {key} " in finding.message.english
    assert finding.advice.english == advice


@pytest.mark.parametrize(
    "endpoint",
    [
        ENDPOINT,
        "INTERNALLOADBALANCER: haproxy\nDomain: a.example\nexternaldns: null",
        '{"address": "172.16.0.100", "port": 6443}',
        "address: 172.16.0.100\nkubevip:\n  mode: ARP\n  other: x",
        "# adress: 172.16.0.100",
        "null",
        None,
    ],
)
def test_silent_for_known_keys(endpoint: str | None) -> None:
    """Letters may be of any case; comments are no keys; what stands below kubevip is not judged."""
    assert found("KK113", config_text(endpoint)) == []


def test_a_merge_key_is_none_of_kubekey_s() -> None:
    """`<<` brings keys in and is itself none."""
    text = "x-lb: &lb {address: 172.16.0.100}\n" + config_text("<<: *lb\nport: 6443")
    assert found("KK113", text) == []
