"""KK123: what kkplan assumed is said before it is found out on the server."""

from __future__ import annotations

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_for_pair


def test_a_nic_that_nobody_named() -> None:
    """The servers are named together, and how to name the NIC."""
    (finding,) = found_for_pair("KK123", "lb1=172.16.0.2", "lb2=172.16.0.3,nic=ens3", "lb3=172.16.0.9")
    assert (finding.id, finding.severity, finding.line) == ("KK123", Severity.INFO, 0)
    assert "no NIC set for lb1, lb3: assuming eth0" in finding.message.english
    assert finding.advice.english == "Set it: --lb lb1=172.16.0.2,nic=NIC"


def test_a_prefix_that_nobody_gave() -> None:
    """/24 for IPv4, /64 for IPv6."""
    (finding,) = found_for_pair("KK123", "a=172.16.0.2,nic=eth0", "b=172.16.0.3,nic=eth0", vip="172.16.0.100")
    assert "assuming /24" in finding.message.english
    assert finding.advice.english.endswith("--address 172.16.0.100/24")
    (finding,) = found_for_pair("KK123", "a=fd00::2,nic=eth0", "b=fd00::3,nic=eth0", vip="FD00:0::100")
    assert finding.advice.english.endswith("--address fd00::100/64")


def test_silent_where_all_is_said() -> None:
    """eth0 that is named is no assumption; a file alone has no servers."""
    assert found_for_pair("KK123", "lb1=172.16.0.2,nic=eth0", "lb2=172.16.0.3,nic=eth0") == []
    assert found("KK123", config_text()) == []
