"""KK127: several control planes but only one etcd member."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ROLES, config_text, found, line_with


@pytest.mark.parametrize("members", [("master1",), ("node1",), ("master[1:1]",)])
def test_one_member(members: tuple[str, ...]) -> None:
    """Wherever it is."""
    text = config_text(roles={**ROLES, "etcd": members})
    (finding,) = found("KK127", text)
    assert finding.severity is Severity.WARNING
    assert finding.line == line_with(text, "    etcd:")


@pytest.mark.parametrize(
    ("roles", "more"),
    [
        (ROLES, ""),
        ({**ROLES, "etcd": ("master1",), "control-plane": ("master1",)}, ""),
        ({**ROLES, "etcd": ("master1", "mastre2")}, ""),
        ({**ROLES, "etcd": ("master1",)}, "etcd: {type: external}\n"),
        ({**ROLES, "etcd": ("master1",)}, "etcd: {type: kubeadm}\n"),
    ],
)
def test_silent_for_three_for_one_of_one_and_for_etcd_of_others(roles: dict[str, tuple[str, ...]], more: str) -> None:
    """kubeadm puts etcd on every control plane; a wrong name is KK114's."""
    assert found("KK127", config_text(roles=roles, more=more)) == []
