"""KK136: an unknown role group."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ROLES, config_text, found, judged, line_with


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("workers", "worker"),
        ("Worker", "worker"),
        ("nodes", "worker"),
        ("control_plane", "control-plane"),
        ("masters", "master"),
    ],
)
def test_the_group_that_was_meant_is_told(name: str, guess: str) -> None:
    text = config_text(roles={**ROLES, name: ("node2",)})
    (finding,) = found("KK136", text)
    assert finding.line == line_with(text, f" {name}:")
    assert str(finding.advice) == f"Did you mean {guess}?"


def test_others_are_told_all() -> None:
    (finding,) = found("KK136", config_text(roles={**ROLES, "gpu": ("node2",)}))
    assert "registry" in str(finding.advice)


def test_silent_for_kubekeys_own() -> None:
    assert found("KK136", config_text(roles={**ROLES, "registry": ("node2",)})) == []


def test_hosts_of_k8s_join_the_cluster() -> None:
    """kk gives them the role of a node; but with internal HAProxy they are sent to one that is not there."""
    roles = {**ROLES, "worker": ("node1",), "k8s": ("node2", "master1")}
    assert found("KK136", config_text(roles=roles)) == []
    (finding,) = found("KK136", config_text("internalLoadbalancer: haproxy", roles=roles))
    assert finding.severity is Severity.ERROR
    assert "node2 only in role group k8s" in finding.message.english
    workers_too = {**ROLES, "k8s": ("node2",)}
    assert found("KK136", config_text("internalLoadbalancer: haproxy", roles=workers_too)) == []


@pytest.mark.parametrize(
    ("role", "name", "guess"),
    [
        ("control-plane", "control-plain", "control-plane"),
        ("control-plane", "mastr", "master"),
        ("etcd", "etdc", "etcd"),
    ],
)
def test_one_cause_is_reported_once(role: str, name: str, guess: str) -> None:
    """A group that kk cannot do without is misspelled: an error, in place of "no control plane" and "no etcd member"."""
    groups = {name if key == role else key: hosts for key, hosts in ROLES.items()}
    text = config_text(roles=groups)
    (finding,) = (one for one in judged(text) if one.severity is Severity.ERROR)
    assert (finding.id, finding.line) == ("KK136", line_with(text, f" {name}:"))
    assert finding.message.english == f"unknown role group {name}: without {guess}, kk stops with an error"
    assert str(finding.advice) == f"Did you mean {guess}?"


def test_a_role_that_nobody_misspelled_is_missing() -> None:
    """Then it is another cause, and both are reported."""
    groups = {"gpu" if key == "etcd" else key: hosts for key, hosts in ROLES.items()}
    assert {"KK109", "KK136"} <= {one.id for one in judged(config_text(roles=groups))}
    external = config_text(roles={**groups, "etdc": ("node1",)}).replace("spec:\n", "spec:\n  etcd: {type: kubeadm}\n")
    assert Severity.ERROR not in {one.severity for one in found("KK136", external)}
