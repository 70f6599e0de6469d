"""KK152: a service network in which kk finds no addresses."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_in_plan, line_with


@pytest.mark.parametrize(
    "cidr", ["fd00::/112", '"fd00::/112,10.233.0.0/18"', "10.96.0.0/31", "10.96.0.0/30", "10.96.0.0/33", "10.96/16"]
)
def test_a_network_at_which_kk_panics(cidr: str) -> None:
    text = config_text(more=f"network:\n  kubeServiceCIDR: {cidr}\n")
    (finding,) = found("KK152", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "kubeServiceCIDR"))
    assert len(found_in_plan("KK152", text, "internal-haproxy")) == 1


@pytest.mark.parametrize(
    "cidr", ["10.233.0.0/18", '"10.233.0.0/18,fd00::/112"', "10.96.0.0/29", '""', "10.96.0.0/255.255.0.0"]
)
def test_silent_for_ipv4(cidr: str) -> None:
    assert found("KK152", config_text(more=f"network:\n  kubeServiceCIDR: {cidr}\n")) == []
