"""KK325: other documents of the file that stop kk."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, judged_in_plan


@pytest.mark.parametrize(
    ("further", "part"),
    [
        ("---\n- a\n", "a list"),
        ("---\njust text\n", "a text"),
        ("---\na: 1\nb: {c: 1, c: 2}\n", "a key stands twice"),
    ],
)
def test_documents_that_are_no_mappings(further: str, part: str) -> None:
    """In front of the Cluster or after it."""
    for text in (config_text() + further, further + "---\n" + config_text()):
        (finding,) = found("KK325", text)
        assert finding.severity is Severity.ERROR
        assert part in finding.message.english
        assert "KK325" in [one.id for one in judged_in_plan(text, "internal-haproxy")]


def test_text_after_the_dashes() -> None:
    """kk reads no further: in front of the Cluster that is fatal, after it only what follows is lost."""
    (before,) = found("KK325", "--- {a: b}\n---\n" + config_text())
    (after,) = found("KK325", config_text() + "--- {a: b}\n")
    assert (before.severity, before.line) == (Severity.ERROR, 1)
    assert after.severity is Severity.WARNING


def test_a_directive() -> None:
    (finding,) = found("KK325", "%YAML 1.2\n---\n" + config_text())
    assert (finding.severity, finding.line) == (Severity.ERROR, 1)


@pytest.mark.parametrize(
    "further",
    ["---\n", "--- # a comment\n", "---\n# only this\n", "---\n~\n", "---\na: b\n", "---  \na: &b {c: d}\ne: *b\n"],
)
def test_silent_for_mappings_and_empty_documents(further: str) -> None:
    assert found("KK325", config_text() + further) == []
