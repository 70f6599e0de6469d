"""KK315: a host in no role group."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, ROLES, config_text, found, host, line_with


def test_a_host_that_no_group_names() -> None:
    """At its line."""
    text = config_text(hosts=(*MASTERS, *NODES, host("node3", "172.16.0.9")))
    (finding,) = found("KK315", text)
    assert (finding.severity, finding.line) == (Severity.WARNING, line_with(text, "name: node3"))


@pytest.mark.parametrize("group", ["registry", "nfs-server"])
def test_silent_for_any_group_and_where_an_entry_is_wrong(group: str) -> None:
    """A misspelled name may have meant the host."""
    hosts = (*MASTERS, *NODES, host("node3", "172.16.0.9"))
    assert found("KK315", config_text(hosts=hosts, roles={**ROLES, group: ("node3",)})) == []
    assert found("KK315", config_text(hosts=hosts, roles={**ROLES, group: ("nod3",)})) == []


@pytest.mark.parametrize(("kind", "count"), [("kubeadm", 1), ("external", 1), ("kubekey", 0)])
def test_a_host_only_in_a_group_that_kk_does_not_use(kind: str, count: int) -> None:
    """etcd then runs on the control planes, or on machines of others."""
    hosts = (*MASTERS, *NODES, host("etcd1", "172.16.0.9"))
    more = f"etcd: {{type: {kind}, external: {{endpoints: ['https://172.16.0.9:2379']}}}}\n"
    text = config_text(hosts=hosts, roles={**ROLES, "etcd": ("master1", "etcd1")}, more=more)
    seen = found("KK315", text)
    assert [finding.line for finding in seen] == [line_with(text, "name: etcd1")] * count
