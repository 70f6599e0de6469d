"""KK114: a role group's entry that kk reads otherwise than it looks, or at which it stops."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, ROLES, config_text, found, host, line_with


@pytest.mark.parametrize(
    ("entry", "severity", "message"),
    [
        ("nod3", Severity.ERROR, "worker: nod3 not in hosts"),
        ("node[1-2]", Severity.ERROR, "worker: node[1-2] not in hosts"),
        ("node[2:4]", Severity.ERROR, "worker: node3, node4 not in hosts"),
        ("null", Severity.ERROR, 'worker: "" not in hosts'),
        ('"node2 "', Severity.ERROR, "worker: node2 is written with a space before or after it"),
        ("", Severity.ERROR, 'worker: "" not in hosts'),
        ("node[1:b]", Severity.ERROR, "node[1:b] looks like a range but is not valid: kk panics"),
        ('"node[:2]"', Severity.ERROR, "node[:2] looks like a range but is not valid: kk panics"),
        ("node[1:2]-a", Severity.WARNING, "kk expands node[1:2]-a to node1, node2 and ignores the text"),
        ("node[01:02]", Severity.WARNING, "kk expands node[01:02] to node1, node2, without the leading zeros"),
        ("node[2:1]", Severity.WARNING, "node[2:1] counts down"),
        ("node[02:01]-a", Severity.WARNING, "node[02:01]-a counts down"),
        ("node[1:999999999]", Severity.ERROR, "more hosts than any cluster"),
        (f"node[1:{'9' * 5000}]", Severity.ERROR, "more hosts than any cluster"),
    ],
)
def test_a_misleading_entry(entry: str, severity: Severity, message: str) -> None:
    """One finding at the entry's own line."""
    text = config_text(roles={**ROLES, "worker": ("node1", f"{entry} # here")})
    (finding,) = found("KK114", text)
    assert (finding.id, finding.severity) == ("KK114", severity)
    assert finding.line == line_with(text, "# here")
    assert message in finding.message.english


def test_many_unknown_hosts_are_cut_short() -> None:
    """Five names are enough to see what is meant."""
    (finding,) = found("KK114", config_text(roles={**ROLES, "worker": ("node[11:99]",)}))
    assert "node11, node12, node13, node14, node15, … not in hosts" in finding.message.english


def test_leading_zeros_that_lead_past_the_hosts() -> None:
    """Both are said: what kk makes of the entry, and that it then stops."""
    hosts = (*MASTERS, host("node01", "172.16.0.7"), host("node02", "172.16.0.8"))
    text = config_text(hosts=hosts, roles={**ROLES, "worker": ("node[01:02]",)})
    assert [finding.severity for finding in found("KK114", text)] == [Severity.WARNING, Severity.ERROR]


def test_every_group_is_read() -> None:
    """kk stops at a free group's entry as well."""
    text = config_text(roles={**ROLES, "registry": ("harbor",), "master": ("master9",)})
    assert [finding.message.english.split(".")[0] for finding in found("KK114", text)] == [
        "registry: harbor not in hosts",
        "master: master9 not in hosts",
    ]


@pytest.mark.parametrize("entries", [("node[1:2]",), ('"node[1:2]"', "node1"), ("'node1'",), ("node[2:2]",), ()])
def test_silent_for_hosts_that_are_there(entries: tuple[str, ...]) -> None:
    """Quoted or by a range, twice too; an empty group is no mistake."""
    assert found("KK114", config_text(roles={**ROLES, "worker": entries, "registry": ("node1",)})) == []


def test_silent_for_a_null_group_and_hosts_written_as_blocks() -> None:
    """`registry:` with nothing below; a host's name may stand on any of its lines, quoted or not."""
    block = '- address: 172.16.0.9\n  internalAddress: 172.16.0.9\n  "name": "node-3.example"'
    text = config_text(hosts=(*MASTERS, *NODES, block), roles={**ROLES, "worker": ("node-3.example",), "registry": ()})
    assert found("KK114", text) == []
