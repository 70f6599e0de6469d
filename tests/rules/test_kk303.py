"""KK303: a Kubernetes version that kk cannot parse."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, line_with


@pytest.mark.parametrize(
    "version", ["v1.26", '"1.26"', "1.26", "latest", "v1.26.5.1-rc#", "V1.26.5", "v01.26.5", '" v1.26.5"']
)
def test_what_is_not_made_of_three_numbers(version: str) -> None:
    """kk takes its default in its place."""
    text = config_text(more=f"kubernetes:\n  version: {version}\n")
    (finding,) = found("KK303", text)
    assert finding.severity is Severity.ERROR
    assert finding.line == line_with(text, "version: " + version)


@pytest.mark.parametrize("version", ["v1.26.5", "1.26.5", "v1.26.5-k3s", "v1.24.0-rc.1+x", '""', "", "null", "~"])
def test_silent_for_versions_and_for_none(version: str) -> None:
    """Nothing is the default as well, and looks so."""
    assert found("KK303", config_text(more=f"kubernetes:\n  version: {version}\n")) == []
