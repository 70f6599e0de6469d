"""KK107: one LB server is a single point of failure."""

from __future__ import annotations

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_for_pair, found_in_plan


def test_one_server() -> None:
    """It is about no line: the servers are no part of the config."""
    (finding,) = found_for_pair("KK107", "lb1=172.16.0.2,nic=eth0")
    assert (finding.id, finding.severity, finding.line) == ("KK107", Severity.ERROR, 0)
    assert "only 1 LB server" in finding.message.english


def test_silent_for_two_and_three() -> None:
    """VRRP takes any number from two on."""
    assert found_for_pair("KK107", "lb1=172.16.0.2", "lb2=172.16.0.3") == []
    assert found_for_pair("KK107", "lb1=172.16.0.2", "lb2=172.16.0.3", "lb3=172.16.0.9") == []


def test_silent_where_the_servers_are_not_known() -> None:
    """A file alone, a cloud's load balancer, and a wizard that has not asked yet."""
    assert found("KK107", config_text()) == []
    assert found_in_plan("KK107", config_text(), "cloud-lb", address="172.16.0.100") == []
    assert found_in_plan("KK107", config_text(), "keepalived", address="172.16.0.100/24") == []
