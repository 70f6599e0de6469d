"""KK203: LB files of KubeSphere's guide."""

from __future__ import annotations

from kkplan.modes.question import Answer
from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_in_plan

PAIR: dict[str, Answer] = {"address": "172.16.0.10/24", "lb": ("lb1=172.16.0.2", "lb2=172.16.0.3")}


def test_the_guides_files() -> None:
    """A warning with figures: whoever needs the files can have them."""
    (finding,) = found_in_plan("KK203", config_text(), "keepalived", **PAIR, lb_files="guide")
    assert (finding.severity, finding.line) == (Severity.WARNING, 0)
    assert " s when HAProxy stopped (kkplan's files: " in finding.message.english


def test_an_ipv6_vip_is_an_error() -> None:
    """The guide's HAProxy listens on IPv4 only, and VRRPv2 is for IPv4."""
    pair: dict[str, Answer] = {"address": "fd00::10/64", "lb": ("lb1=fd00::2", "lb2=fd00::3")}
    (finding,) = found_in_plan("KK203", config_text(), "keepalived", **pair, lb_files="guide")
    assert finding.severity is Severity.ERROR
    assert found_in_plan("KK203", config_text(), "keepalived", **pair) == []


def test_silent_for_kkplans_own_files() -> None:
    """By default, and chosen; and where there are no LB servers of one's own."""
    assert found_in_plan("KK203", config_text(), "keepalived", **PAIR) == []
    assert found_in_plan("KK203", config_text(), "keepalived", **PAIR, lb_files="kkplan") == []
    assert found_in_plan("KK203", config_text(), "cloud-lb", address="172.16.0.100") == []
    assert found("KK203", config_text()) == []
