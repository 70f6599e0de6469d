"""KK324: dual stack only in hosts or only in networks."""

from __future__ import annotations

import re

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_in_plan

PODS, SERVICES = "10.244.0.0/16", "10.96.0.0/16"
BOTH_PODS, BOTH_SERVICES = f"{PODS},fd01::/112", f"{SERVICES},fd02::/112"


def dual(pods: str, services: str, hosts: str = "", kind: str = "kubernetes") -> str:
    """A config with these networks.

    Args:
        hosts: a pattern of the names of hosts that have an IPv6 address too.
    """
    network = f"network:\n  kubePodsCIDR: {pods}\n  kubeServiceCIDR: {services}\nkubernetes: {{type: {kind}}}\n"
    text = config_text(more=network)
    if not hosts:
        return text
    return re.sub(rf"(name: {hosts}.*internalAddress: )(172\.16\.0\.)(\d)", r'\1"\g<2>\3,fd00::\3"', text)


@pytest.mark.parametrize(
    ("pods", "services", "hosts"),
    [
        (BOTH_PODS, BOTH_SERVICES, ""),
        (BOTH_PODS, SERVICES, "master[23]"),
        (PODS, SERVICES, "(master|node)"),
        (PODS, BOTH_SERVICES, "master1"),
    ],
)
def test_control_planes_and_pods_disagree(pods: str, services: str, hosts: str) -> None:
    """Which control plane kk goes by is drawn: one that differs is enough."""
    text = dual(pods, services, hosts)
    (finding,) = found("KK324", text)
    assert finding.severity is Severity.ERROR
    assert len(found_in_plan("KK324", text, "internal-haproxy")) == 1
    assert found("KK324", dual(pods, services, hosts, "k3s")) != [finding]


@pytest.mark.parametrize(
    ("pods", "services", "hosts"),
    [
        (BOTH_PODS, SERVICES, "(master|node)"),
        (PODS, BOTH_SERVICES, ""),
        (BOTH_PODS, BOTH_SERVICES, "master"),
    ],
)
def test_halves_that_work_with_ipv4(pods: str, services: str, hosts: str) -> None:
    (finding,) = found("KK324", dual(pods, services, hosts))
    assert finding.severity is Severity.WARNING


def test_silent_for_all_or_nothing() -> None:
    assert found("KK324", dual(PODS, SERVICES)) == []
    assert found("KK324", dual(BOTH_PODS, BOTH_SERVICES, "(master|node)")) == []
    assert found("KK324", dual(PODS, SERVICES, "node")) == []
