"""KK118: a load balancer needs each control plane's internal IP."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, config_text, found, host, line_with


@pytest.mark.parametrize("address", ["master2.example.com", "x.x.x.x", "172.16.0.300", "172.16.0.5/24", '""', "null"])
def test_a_control_plane_without_an_ip(address: str) -> None:
    """Names, placeholders and networks are no addresses."""
    text = config_text(hosts=(MASTERS[0], host("master2", address), MASTERS[2], *NODES))
    (finding,) = found("KK118", text)
    assert (finding.id, finding.severity) == ("KK118", Severity.ERROR)
    assert finding.line == line_with(text, "name: master2")
    assert "control plane master2 has no usable" in finding.message.english


def test_neither_key_is_there() -> None:
    """Each such host is named."""
    text = config_text(hosts=("- {name: master1}", "- {name: master2}", MASTERS[2], *NODES))
    assert [finding.line for finding in found("KK118", text)] == [
        line_with(text, "name: master1"),
        line_with(text, "name: master2"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "- {name: master2, address: 172.16.0.5}",
        "- {name: master2, internalAddress: 172.16.0.5}",
        '- {name: master2, address: "", internalAddress: 172.16.0.5}',
        "- {name: master2, address: ssh.example.com, internalAddress: 172.16.0.5}",
        '- {name: master2, address: 172.16.0.5, internalAddress: "172.16.0.5,fd00::5"}',
        "- {name: master2, address: 'fd00:0::5', internalAddress: null}",
        "- name: master2\n  ADDRESS: 172.16.0.5",
    ],
)
def test_silent_where_one_of_them_is_an_ip(line: str) -> None:
    """Each stands in for the other; of a dual-stack host the first part counts."""
    assert found("KK118", config_text(hosts=(MASTERS[0], line, MASTERS[2], *NODES))) == []


def test_silent_for_a_worker() -> None:
    """No load balancer forwards to it."""
    assert found("KK118", config_text(hosts=(*MASTERS, host("node1", "node1.example.com"), NODES[1]))) == []
