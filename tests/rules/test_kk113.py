"""KK113: a key of controlPlaneEndpoint that KubeKey silently ignores."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ENDPOINT, config_text, found, line_with, mended


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
    assert f"unknown key {key}: " in finding.message.english
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


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("adress: 172.16.0.100", "address: 172.16.0.100"),
        ('"adress": 172.16.0.100 # VIP', '"address": 172.16.0.100 # VIP'),
        ("'prot': 6443\naddress: 172.16.0.100", "'port': 6443\naddress: 172.16.0.100"),
        ("{adress: 172.16.0.100, domian: a.example}", "{address: 172.16.0.100, domain: a.example}"),
        ("external_dns: true", "externalDNS: true"),
        ("internal-loadbalancer: haproxy", "internalLoadbalancer: haproxy"),
        ("kube-vip: {mode: BGP}", "kubevip: {mode: BGP}"),
        ('prot: "6443"', 'port: "6443"'),
        ("adress:", "address:"),
        ("? adress\n: 172.16.0.100", "? address\n: 172.16.0.100"),
    ],
)
def test_a_slip_of_the_hand_is_mended(wrong: str, right: str) -> None:
    """The key only, in its quotes; what it holds stays."""
    assert mended("KK113", config_text(wrong)) == config_text(right)


@pytest.mark.parametrize(
    "wrong",
    [
        "colour: blue",
        "externalIP: 172.16.0.100",
        "export: 6443",
        "addresses: [172.16.0.100]",
        "adress: [172.16.0.100]",
        "prot: tcp",
        "domian: 10",
        "kube-vip: ARP",
        "adress: 172.16.0.100\naddress: 172.16.0.101",
        "adress: 172.16.0.100\naddres: 172.16.0.101",
        "adress: 172.16.0.100\ninternalLoadbalancer: haproxy",
        "adress: 172.16.0.100\ninternalLoadbalancer: haprxy",
        "adress: 172.16.0.100\ninternalLoadBalance: haproxy",
        "internalLoadBalance: haproxy\naddress: 172.16.0.100",
        "&a adress: 172.16.0.100",
    ],
)
def test_left_to_a_person(wrong: str) -> None:
    """Too far from a known key, of a wrong type, there twice, or a load balancer and an address once kk reads both."""
    text = config_text(wrong)
    assert found("KK113", text)
    assert mended("KK113", text) == text


def test_a_key_that_a_merge_key_brings_in_is_there_already() -> None:
    text = "x-lb: &lb {address: 172.16.0.100}\n" + config_text("<<: *lb\nadress: 172.16.0.101")
    assert mended("KK113", text) == text


def test_a_key_of_another_place() -> None:
    """One that was indented too deep."""
    (finding,) = found("KK113", config_text("address: 172.16.0.100\nproxyMode: ipvs"))
    assert finding.advice.english == "It belongs in spec.kubernetes. Check the indentation"
