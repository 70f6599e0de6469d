"""KK141: control planes in different orders."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ENDPOINT, ROLES, config_text, found, line_with

HAPROXY = "internalLoadbalancer: haproxy"
OTHER = {"etcd": ("master2", "master1", "master3")}


@pytest.mark.parametrize(
    ("group", "members", "other"),
    [
        ("etcd", ("master2", "master1", "master3"), "master2"),
        ("worker", ("node1", "node2", "master3"), "master3"),
        ("registry", ("master2",), "master2"),
        ("gpu", ("master2",), "master2"),
    ],
)
@pytest.mark.parametrize("endpoint", [HAPROXY, None])
def test_a_group_with_another_first_one(endpoint: str | None, group: str, members: tuple[str, ...], other: str) -> None:
    """Groups of the user's own count too; who is no control plane does not."""
    text = config_text(endpoint, roles={**ROLES, group: members})
    (finding,) = found("KK141", text)
    assert f"{group} lists {other} before master1" in finding.message.english
    assert (finding.severity, finding.line) == (Severity.WARNING, line_with(text, f"{group}:"))


@pytest.mark.parametrize(
    ("endpoint", "roles"),
    [
        (ENDPOINT, OTHER),
        ("externalDNS: true", OTHER),  # /etc/hosts names the very one that kk starts on
        ("internalLoadbalancer: kube-vip\naddress: 172.16.0.100", OTHER),
        (HAPROXY, {"etcd": ("master1", "master3", "master2"), "worker": ("node2", "master1", "node1")}),
        (HAPROXY, {"control-plane": ("master1",), "etcd": ("master2", "master1", "master3")}),
    ],
)
def test_silent_behind_a_load_balancer_and_where_the_first_is_first(
    endpoint: str, roles: dict[str, tuple[str, ...]]
) -> None:
    """It finds whoever answers; the order of the rest does not matter, nor where there is one only."""
    assert found("KK141", config_text(endpoint, roles={**ROLES, **roles})) == []


def test_both_names_of_the_group_are_left_to_kk129() -> None:
    """To name the first one in both groups would be KK140's."""
    text = config_text(HAPROXY, roles={**ROLES, "master": ("node1",), "control-plane": ("master1", "master2")})
    assert [one for one in found("KK141", text) if "control-plane lists" in one.message.english] == []
    assert len(found("KK129", text)) == 1
