"""KK312: a host whose internal address is no IP."""

from __future__ import annotations

import pytest

from tests.rules.conftest import MASTERS, NODES, ROLES, config_text, found, host, line_with


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (host("node3", "node3.example.com"), "node3: node3.example.com is not an IP address"),
        (host("node3", "172.16.0.9", "172.16.0.900"), "node3: 172.16.0.900 is not an IP address"),
        ("- {name: node3, user: root}", "node3 has no address"),
    ],
)
def test_a_name_a_misprint_or_nothing(line: str, message: str) -> None:
    """At the host's line."""
    text = config_text(hosts=(*MASTERS, *NODES, line))
    (finding,) = found("KK312", text)
    assert (finding.message.english, finding.line) == (message, line_with(text, "name: node3"))


def test_silent_for_a_host_without_a_name() -> None:
    """KK314 reports it: there is nobody to say it of."""
    assert found("KK312", config_text(hosts=(*MASTERS, *NODES, "- node3: {address: 172.16.0.9}"))) == []


def test_silent_for_a_name_that_only_ssh_goes_to_and_for_control_planes() -> None:
    """Those are KK118's."""
    assert found("KK312", config_text(hosts=(*MASTERS, *NODES, host("node3", "node3.example.com", "172.16.0.9")))) == []
    hosts = (host("master1", "m1.example.com"), *MASTERS[1:], *NODES)
    assert found("KK312", config_text(hosts=hosts, roles=ROLES)) == []
