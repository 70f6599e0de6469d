"""KK325: documents, merge keys and values that kk cannot load, and text after --- at which it stops reading."""

from __future__ import annotations

import pytest

from kkplan.errors import KkplanError
from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_in_plan, line_with, reading_of


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ("- a list\n", "- a list"),
        ("some text\n", "some text"),
        ("a: {b: 1}\nc:\n  <<: null\n", "<<: null"),
        ("a: &a [1]\nc:\n  <<: *a\n", "<<: *a"),
        ("c: {<<: text}\n", "<<: text"),
        ("%YAML 1.1\n---\na: 1\n", "%YAML"),
    ],
)
def test_a_further_document_that_ends_kk(document: str, part: str) -> None:
    """After the Cluster or in front of it."""
    for text in (config_text() + "---\n" + document, document + "---\n" + config_text()):
        (finding,) = found("KK325", text)
        assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, part))


@pytest.mark.parametrize("more", ["x-a: .inf\n", "kubernetes: {maxPods: .NaN}\n"])
def test_a_number_that_json_does_not_have(more: str) -> None:
    text = config_text(more=more)
    (finding,) = found("KK325", text)
    assert finding.line == line_with(text, more.strip())


NO_TIMES = (
    "now", "2024-01-01", '""', "2024-01-01T00:00Z", "20240101T000000Z", "2024-W01-1T00:00:00Z", "2024-01-01t00:00:00Z",
    "2024-13-01T00:00:00Z", "2024-01-01T00:00:00",
)  # fmt: skip


@pytest.mark.parametrize("time", NO_TIMES)
def test_a_creation_that_is_no_time(time: str) -> None:
    assert len(found("KK325", config_text(metadata=f"{{name: s, creationTimestamp: {time}}}"))) == 1


@pytest.mark.parametrize("time", ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.5Z", "2024-01-01T00:00:00+08:00"])
def test_a_creation_that_is_one(time: str) -> None:
    """Whatever the version of Python takes."""
    assert found("KK325", config_text(metadata=f"{{name: s, creationTimestamp: {time}}}")) == []


def test_a_plan_tells_it_too() -> None:
    assert len(found_in_plan("KK325", config_text() + "---\n- a\n", "cloud-lb", address="172.16.0.100")) == 1


def test_text_after_the_dashes_ends_the_reading() -> None:
    """What is there is not read: a warning, unless it is the Cluster."""
    text = config_text() + "---\nkind: Other\n--- {}\n---\n- a list\n"
    (finding,) = found("KK325", text)
    assert (finding.severity, finding.line) == (Severity.WARNING, line_with(text, "--- {}"))
    with pytest.raises(KkplanError, match="stops reading there"):
        reading_of("--- !!map\n" + config_text())


@pytest.mark.parametrize(
    "document",
    ["", "# a comment\n", "null\n", "{}\n", "a: &a {b: 1}\nc: {<<: [*a, {d: 1}]}\n", "a: '<<'\nb: {'<<': 1}\n"],
)
def test_silent_for_what_kk_loads(document: str) -> None:
    assert (
        found("KK325", "--- # fine\n" + config_text(metadata="{name: s, creationTimestamp: null}") + "---\n" + document)
        == []
    )
