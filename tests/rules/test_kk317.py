"""KK317: a spec without hosts or roleGroups."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, judged, judged_in_plan, line_with


@pytest.mark.parametrize("written", ["hostz", "host", "hosst"])
def test_misspelled_hosts_are_the_one_cause(written: str) -> None:
    """Not one finding for each name in roleGroups, neither in a check nor in a plan."""
    text = config_text().replace("  hosts:", f"  {written}:")
    (finding,) = found("KK317", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, f"  {written}:"))
    assert finding.advice.english == "Write hosts"
    assert [one.id for one in judged(text)] == ["KK317"]
    assert [one.id for one in judged_in_plan(text, "cloud-lb", address="172.16.0.100")] == ["KK317"]


def test_misspelled_role_groups() -> None:
    text = config_text().replace("  roleGroups:", "  roleGroup:")
    (finding,) = found("KK317", text)
    assert "roleGroup" in finding.message.english
    assert finding.line == line_with(text, "  roleGroup:")
    assert {one.id for one in judged(text, whole_file=True)} == {"KK301", "KK317"}


def test_nothing_that_could_be_meant() -> None:
    text = "kind: Cluster\nmetadata: {name: a}\nspec:\n  kubernetes: {version: v1.26.5}\n"
    assert [finding.advice.english for finding in found("KK317", text)] == [
        "Add hosts under spec",
        "Add roleGroups under spec",
    ]


def test_silent_for_any_case_and_for_merge_keys() -> None:
    assert found("KK317", config_text().replace("  hosts:", "  Hosts:")) == []
    assert found("KK317", config_text()) == []


@pytest.mark.parametrize("hosts", ["[]", "", "~", "[{}]"])
def test_hosts_without_any(hosts: str) -> None:
    text = config_text()
    head, _, tail = text.partition("  hosts:\n")
    text = f"{head}  hosts: {hosts}\n{tail[tail.index('  roleGroups:') :]}"
    findings = [one for one in judged(text) if one.id in ("KK114", "KK317")]
    assert {one.id for one in findings} == ({"KK114"} if hosts == "[{}]" else {"KK317"})
