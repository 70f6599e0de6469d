"""KK320: a ClusterConfiguration without a version label."""

from __future__ import annotations

import pytest

from tests.rules.conftest import config_text, found, line_with


@pytest.mark.parametrize("kind", ["ClusterConfiguration", "ConfigMap"])
@pytest.mark.parametrize(
    "metadata",
    [
        "{name: ks}",
        "{name: ks, labels: {}}",
        "{name: ks, labels: {version: 3.4}}",
        "{name: ks, labels: {version: }}",
        "null",
    ],
)
def test_no_version_as_text(kind: str, metadata: str) -> None:
    """Missing, a number, or nothing."""
    text = config_text() + f"---\nkind: {kind}\nmetadata: {metadata}\n"
    (finding,) = found("KK320", text)
    assert finding.line == line_with(text, f"kind: {kind}")


@pytest.mark.parametrize(
    "document",
    [
        "kind: ClusterConfiguration\nmetadata: {labels: {version: v3.4.1}}",
        "kind: Addon\nmetadata: {}",
        "# nothing",
        "- a",
    ],
)
def test_silent_for_a_label_and_for_other_documents(document: str) -> None:
    """kk looks at these two kinds only."""
    assert found("KK320", config_text() + f"---\n{document}\n") == []
