"""KK117: without a metadata.name that is text, kk panics."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, line_with


@pytest.mark.parametrize("metadata", ["{}", "", "{name: null}", "{name: }", "{Name: sample}", "{name: [a]}"])
def test_no_name(metadata: str) -> None:
    """kk finds the key only where it is spelled so."""
    text = config_text(metadata=metadata)
    (finding,) = found("KK117", text)
    assert (finding.id, finding.severity) == ("KK117", Severity.ERROR)
    assert finding.line == line_with(text, "metadata:")
    assert "metadata.name is missing or not a string" in finding.message.english
    assert "name: sample" in finding.advice.english


@pytest.mark.parametrize("metadata", ["{name: 2024}", "{name: 1.5}", "{name: 2024-01-01}", "{name: yes}"])
def test_a_name_that_is_no_text(metadata: str) -> None:
    """kk's `.(string)` panics at a number and at a date; a truth value it cannot read as JSON."""
    text = config_text(metadata=metadata)
    (finding,) = found("KK117", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "metadata:"))
    assert "quotes" in finding.advice.english


def test_a_key_of_metadata_that_is_no_text() -> None:
    """Go makes another map of it, and kk panics."""
    (finding,) = found("KK117", config_text(metadata="{name: sample, 1: x}"))
    assert "key of metadata" in finding.message.english


def test_metadata_in_another_case() -> None:
    """kk looks it up in a plain map."""
    text = config_text().replace("metadata:", "Metadata:")
    (finding,) = found("KK117", text)
    assert finding.line == line_with(text, "Metadata:")


def test_without_metadata_at_all() -> None:
    """The line is that of the Cluster document, not the file's first."""
    text = "# a comment\n---\n" + config_text().replace("metadata: {name: sample}\n", "")
    (finding,) = found("KK117", text)
    assert finding.line == line_with(text, "apiVersion:")
    assert "{name: sample}" in finding.advice.english


@pytest.mark.parametrize(
    "metadata",
    [
        "{name: sample}",
        "{name: ''}",
        "{name: 2024-13-01}",
        "{name: '2024-01-01'}",
        "{name: 2024-01-01-a}",
        '{name: "2024"}',
        "{labels: {}, name: 'a-b'}",
        "\n  name: 样例",
    ],
)
def test_silent_for_a_text(metadata: str) -> None:
    """Quoted digits are text, and so is an empty one."""
    assert found("KK117", config_text(metadata=metadata)) == []


@pytest.mark.parametrize("key", ["1", "~", "true", "1.5"])
def test_another_key_that_is_no_text(key: str) -> None:
    """kk wants a map of texts, and panics at any other."""
    assert len(found("KK117", config_text(metadata=f"{{name: a, {key}: b}}"))) == 1
    assert found("KK117", config_text(metadata=f"{{name: a, '{key}': b}}")) == []


def test_the_keys_are_found_in_lower_case_only() -> None:
    """kk looks them up in a plain map, while the rest of the file matches in any case; merge keys count."""
    text = config_text().replace("metadata: {name: sample}", "Metadata: {name: sample}")
    assert len(found("KK117", text)) == 1
    merged = config_text(metadata="{<<: *m}").replace("kind: Cluster", "kind: Cluster\nx-m: &m {name: sample}")
    assert found("KK117", merged) == []
