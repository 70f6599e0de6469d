"""KK112: a value of the wrong type, which kk cannot unmarshal."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ENDPOINT, config_text, found, found_in_plan, line_with, mended


@pytest.mark.parametrize("port", ['"6443"', "'6443'", "!!str 6443", "https", "6443/tcp"])
def test_a_port_that_is_text(port: str) -> None:
    """KubeKey 1.0 took it, from 1.1 on it is a number."""
    text = config_text(f"address: 172.16.0.100\nport: {port}")
    (finding,) = found("KK112", text)
    assert (finding.id, finding.severity) == ("KK112", Severity.ERROR)
    assert finding.line == line_with(text, f"port: {port}")
    assert (
        "port is a string" if "6443" in port and "/" not in port else "port is not a number"
    ) in finding.message.english


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("internalLoadbalancer", "on"),
        ("domain", "10"),
        ("domain", "[lb.kubesphere.local]"),
        ("externalDNS", '"true"'),
        ("externalDNS", "1"),
        ("externalDNS", "{}"),
        ("address", "10"),
        ("address", "10.16"),
        ("address", "{{ vip }}"),
        ("address", "[172.16.0.100, 172.16.0.101]"),
        ("port", "[6443]"),
        ("port", "true"),
    ],
)
def test_other_keys(key: str, value: str) -> None:
    """YAML 1.1 makes numbers and truth values of plain texts; a list or a mapping is never right."""
    text = config_text(f"# the block\n{key}: {value}")
    (finding,) = found("KK112", text)
    assert finding.line == line_with(text, f"{key}: {value}")
    assert finding.message.english.startswith(f"wrong type of {key}")


def test_every_key_has_a_finding_of_its_own() -> None:
    """kk names only the first one it meets."""
    text = config_text('domain: 10\nexternalDNS: "yes"\nport: "6443"')
    assert [finding.line for finding in found("KK112", text)] == [
        line_with(text, part) for part in ("domain: 10", "externalDNS:", "port:")
    ]


@pytest.mark.parametrize(
    "endpoint",
    [
        ENDPOINT,
        "internalLoadbalancer:\ndomain: null\nexternalDNS: ~\naddress:\nport: Null",
        "externalDNS: yes\naddress: 172.16.0.100\nport: 0x192b",
        "externalDNS: Off",
        'domain: "10"\naddress: "172"',
        "address: fd00::100",
        "kubevip: {}\nport: 6443 # the LB's",
        "null",
    ],
)
def test_silent_for_what_json_takes(endpoint: str) -> None:
    """null fits every type; quoted texts are texts; yes and off are truth values."""
    assert found("KK112", config_text(endpoint)) == []


def test_the_modes_mend_a_quoted_port() -> None:
    """The number stays, the quotes go."""
    assert found_in_plan("KK112", config_text('address: ""\nport: "6443"'), "internal-haproxy") == []
    assert found_in_plan("KK112", config_text('port: "8443"'), "cloud-lb", address="172.16.0.100") == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('port: "8443" # the LB\'s', "port: 8443 # the LB's"),
        ("port: !!str 6443", "port: 6443"),
        ("port: &p '6443'", "port: &p 6443"),
        ('externalDNS: "true"', "externalDNS: true"),
        ("externalDNS: 'False'", "externalDNS: false"),
        ("port: '6443'\nexternalDNS: 'true'", "port: 6443\nexternalDNS: true"),
        ('{port: "6443", externalDNS: "true"}', "{port: 6443, externalDNS: true}"),
    ],
)
def test_quotes_are_taken_away(wrong: str, right: str) -> None:
    """Where a number or a truth value is in them."""
    assert mended("KK112", config_text(wrong)) == config_text(right)


@pytest.mark.parametrize(
    "wrong",
    [
        'port: "https"',
        'port: "0"',
        'port: "99999"',
        "port: [6443]",
        'externalDNS: "1"',
        "externalDNS: {}",
        "domain: 10",
        "address: {{ vip }}",
        "port: &p '6443'\ndomain: *p",
    ],
)
def test_left_to_a_person(wrong: str) -> None:
    """What was meant is not known, or another place would change as well."""
    text = config_text(wrong)
    assert found("KK112", text)
    assert mended("KK112", text) == text
