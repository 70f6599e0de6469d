"""KK310: two hosts with the same name."""

from __future__ import annotations

from tests.rules.conftest import MASTERS, NODES, config_text, found, host, line_with


def test_each_further_one() -> None:
    """The first one is named by its line."""
    text = config_text(hosts=(*MASTERS, *NODES, host("node2", "172.16.0.9"), host("node2", "172.16.0.11")))
    findings = found("KK310", text)
    assert [finding.line for finding in findings] == [line_with(text, "172.16.0.9"), line_with(text, "172.16.0.11")]
    assert f"the first is on line {line_with(text, '172.16.0.8')}" in findings[0].message.english


def test_silent_for_names_that_differ() -> None:
    """In case, too: kk compares letter for letter."""
    assert found("KK310", config_text(hosts=(*MASTERS, *NODES, host("Node2", "172.16.0.9")))) == []
