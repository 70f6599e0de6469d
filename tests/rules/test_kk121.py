"""KK121: VIP and LB servers are of one address family."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_for_pair


@pytest.mark.parametrize(
    ("vip", "server"),
    [("172.16.0.100/24", "lb2=fd00::3"), ("172.16.0.100", "lb2=FD00:0::3"), ("fd00::100", "lb2=172.16.0.3")],
)
def test_a_server_of_the_other_family(vip: str, server: str) -> None:
    """Server, address and VIP are named; it is about no line of the config."""
    other = "lb1=fd00::2" if "::" in vip else "lb1=172.16.0.2"
    (finding,) = found_for_pair("KK121", other, server, vip=vip)
    assert (finding.id, finding.severity, finding.line) == ("KK121", Severity.ERROR, 0)
    assert "LB server lb2" in finding.message.english
    assert vip.split("/")[0] in finding.message.english


def test_silent_for_one_family() -> None:
    """Both IPv4 or both IPv6."""
    assert found_for_pair("KK121", "lb1=172.16.0.2", "lb2=172.16.0.3") == []
    assert found_for_pair("KK121", "lb1=fd00::2", "lb2=FD00:0::3", vip="fd00::100") == []
    assert found("KK121", config_text()) == []
