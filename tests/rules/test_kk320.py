"""KK320: a ClusterConfiguration without a version label."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
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


@pytest.mark.parametrize("version", ["v9.9.9", "v3.4", "v3.4.10", "v4.1.2", "stable"])
def test_a_version_that_kk_does_not_know(version: str) -> None:
    """kk stops, and there is no later KubeKey 3 that could know it."""
    text = config_text() + f"---\nkind: ClusterConfiguration\nmetadata:\n  labels:\n    version: {version}\n"
    (finding,) = found("KK320", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, f"version: {version}"))


@pytest.mark.parametrize(
    "version", ["v3.4.1", "3.4.1", "v3.4.0-rc.1", "nightly-20230801", "latest", "master", "x-release"]
)
def test_silent_for_what_kk_takes(version: str) -> None:
    """Its releases, what begins like one, and the words of its builds."""
    assert found("KK320", config_text() + f"---\nkind: ConfigMap\nmetadata: {{labels: {{version: {version}}}}}\n") == []


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


@pytest.mark.parametrize(("version", "advice"), [("v4.1.2", "with Helm"), ("v3.4.9", "Use a supported release")])
def test_what_to_do(version: str, advice: str) -> None:
    """KubeSphere 4 is no longer installed by kk."""
    text = config_text() + f"---\nkind: ClusterConfiguration\nmetadata: {{labels: {{version: {version}}}}}\n"
    (finding,) = found("KK320", text)
    assert advice in finding.advice.english
