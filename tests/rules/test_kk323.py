"""KK323: a service network that kk or Kubernetes cannot use."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_in_plan, line_with


@pytest.mark.parametrize(
    ("network", "part"),
    [
        ("fd02::/112", "kk panics"),
        ('"fd02::/112,10.96.0.0/16"', "kk panics"),
        ("10.96.0.0/31", "too few"),
        ("10.96.0.0/30", "too few"),
        ("10.96.0.0/29", "too few"),
        ("10.0.0.0/8", "too large"),
        ('"10.96.0.0/16,fd02::/64"', "too large"),
    ],
)
def test_networks_that_stop_the_install(network: str, part: str) -> None:
    text = config_text(more=f"network:\n  kubeServiceCIDR: {network}\n")
    (finding,) = found("KK323", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "kubeServiceCIDR:"))
    assert part in finding.message.english
    assert len(found_in_plan("KK323", text, "internal-haproxy")) == 1


@pytest.mark.parametrize(
    "network",
    [
        "10.96.0.0/12",
        "10.96.0.0/28",
        "10.96.0.0/255.255.0.0",
        '"10.96.0.0/16,fd02::/112"',
        '""',
        "nonsense",
        "10.96.0.0/33",
        "10.96/16",
        "10.96.0.1",
    ],
)
def test_silent_for_those_that_work(network: str) -> None:
    """What is no network is KK321's."""
    assert found("KK323", config_text(more=f"network:\n  kubeServiceCIDR: {network}\n")) == []
