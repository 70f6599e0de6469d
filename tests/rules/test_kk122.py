"""KK122: LB servers differ from each other and from the VIP."""

from __future__ import annotations

import pytest

from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_for_pair, judged


def test_two_servers_of_one_name() -> None:
    """Their files would be the same folder."""
    (finding,) = found_for_pair("KK122", "lb1=172.16.0.2", "lb1=172.16.0.3")
    assert (finding.id, finding.severity, finding.line) == ("KK122", Severity.ERROR, 0)
    assert "two LB servers are named lb1" in finding.message.english


@pytest.mark.parametrize(
    ("servers", "vip"),
    [
        (("lb1=172.16.0.2", "lb2=172.16.0.2"), "172.16.0.100/24"),
        (("lb1=172.16.0.2", "lb2=172.16.0.100"), "172.16.0.100/24"),
        (("lb1=fd00::2", "lb2=FD00:0:0::2"), "fd00::100/64"),
        (("lb1=fd00::2", "lb2=fd00:0::100"), "FD00::100/64"),
    ],
)
def test_one_address_twice(servers: tuple[str, ...], vip: str) -> None:
    """Of another server or of the VIP, IPv6 however it is spelled."""
    (finding,) = found_for_pair("KK122", *servers, vip=vip)
    assert "the address of LB server lb2" in finding.message.english


def test_the_rule_itself_knows_two_spellings() -> None:
    """Not only because answers are brought into one."""
    servers = (LbHost("lb1", "fd00::2", "eth0"), LbHost("lb2", "FD00:0::2", "eth0"))
    assert len(judged(config_text(), ["KK122"], vip=Vip("fd00::100", 64), lb_hosts=servers)) == 1


def test_the_same_server_twice_is_said_of_name_and_address() -> None:
    """Two mistakes to mend."""
    assert len(found_for_pair("KK122", "lb1=172.16.0.2", "lb1=172.16.0.2")) == 2


def test_silent_for_servers_that_differ() -> None:
    """Names are told apart by case, as folders are."""
    assert found_for_pair("KK122", "lb1=172.16.0.2", "LB1=172.16.0.3", "lb3=172.16.0.9") == []
    assert found("KK122", config_text()) == []
