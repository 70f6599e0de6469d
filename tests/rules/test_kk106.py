"""KK106: the VIP is in the subnet of the servers that hold it."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_for_pair, line_with


def test_a_server_of_another_subnet() -> None:
    """The server, its address and the network are named."""
    text = config_text()
    (finding,) = found_for_pair("KK106", "lb1=172.16.0.2", "lb2=172.16.1.3", text=text)
    assert (finding.id, finding.severity) == ("KK106", Severity.ERROR)
    assert finding.line == line_with(text, 'address: "172.16.0.100"')
    assert "LB server lb2 (172.16.1.3) is not in the VIP's subnet 172.16.0.0/24" in finding.message.english


def test_both_servers_are_named() -> None:
    """One finding a server."""
    assert len(found_for_pair("KK106", "lb1=10.0.0.2", "lb2=10.0.0.3")) == 2


def test_the_assumed_prefix_counts_and_the_advice_fits_both_families() -> None:
    """/24 and /64; what to give instead is the reader's to say."""
    (finding,) = found_for_pair("KK106", "a=172.16.0.2", "b=172.16.1.3", vip="172.16.0.100")
    assert "--address 172.16.0.100/PREFIX" in finding.advice.english
    (finding,) = found_for_pair("KK106", "a=fd00:0:0:0::2", "b=fd00:0:0:1::3", vip="fd00::100")
    assert "fd00::/64" in finding.message.english
    assert "--address fd00::100/PREFIX" in finding.advice.english


@pytest.mark.parametrize(
    ("vip", "servers"),
    [
        ("172.16.0.100/24", ("a=172.16.0.2", "b=172.16.0.3")),
        ("172.16.0.100", ("a=172.16.0.2", "b=172.16.0.254")),
        ("172.16.0.100/16", ("a=172.16.1.2", "b=172.16.2.3")),
        ("172.16.0.100/23", ("a=172.16.0.2", "b=172.16.1.3")),
        ("FD00:0::100/64", ("a=fd00::2", "b=fd00:0:0:0:1::3")),
        ("fd00::100/64", ("a=172.16.0.2", "b=172.16.0.3")),  # KK121's
    ],
)
def test_silent_inside_the_subnet_or_of_another_family(vip: str, servers: tuple[str, ...]) -> None:
    """A wider prefix takes more in; another family is another rule's."""
    assert found_for_pair("KK106", *servers, vip=vip) == []


def test_silent_without_a_vip() -> None:
    """A file alone is judged."""
    assert found("KK106", config_text()) == []
