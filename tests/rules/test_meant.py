"""What is taken for a slip of the hand, and what is not: a fix must not guess."""

from __future__ import annotations

import pytest

from kkplan.kubekey3.typo_hints import meant_key, meant_load_balancer, meant_value, near_key


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("adress", "address"),
        ("addresss", "address"),
        ("ADRESS", "address"),
        ("Adress", "address"),
        ("prot", "port"),
        ("ports", "port"),
        ("domian", "domain"),
        ("external_dns", "externalDNS"),
        ("kube-vip", "kubevip"),
        ("internal-load-balancer", "internalLoadbalancer"),
        ("internalLoadBalencer", "internalLoadbalancer"),
        ("addresses", ""),
        ("externalIP", ""),
        ("internalAddress", ""),
        ("lbPort", ""),
        ("export", ""),
        ("colour", ""),
        ("", ""),
    ],
)
def test_one_slip_and_no_more(written: str, meant: str) -> None:
    """A letter missing, too many, wrong, or two swapped; hyphens, underscores and case do not count."""
    assert meant_key(written) == meant


def test_advice_may_guess_further() -> None:
    """A person decides then."""
    assert near_key("externalIP") == "externalDNS"
    assert near_key("addresses") == "address"
    assert near_key("colour") == ""


def test_names_of_load_balancers() -> None:
    """But for case, blanks, hyphens and underscores."""
    assert [meant_load_balancer(text) for text in ("HAProxy ", "ha-proxy", "Kube_VIP", "haprxy", "")] == [
        "haproxy",
        "haproxy",
        "kube-vip",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("port", "6443", 6443),
        ("port", "0", None),
        ("port", "06443", None),
        ("port", "65536", None),
        ("port", "https", None),
        ("externalDNS", "True", True),
        ("externalDNS", "false", False),
        ("externalDNS", "1", None),
        ("domain", "true", None),
    ],
)
def test_values_in_quotes(key: str, text: str, value: object) -> None:
    """What is no port of 1 to 65535, or neither true nor false, is left to a person."""
    assert meant_value(key, text) is value if isinstance(value, bool) else meant_value(key, text) == value
