"""KK307: versions that KubeKey has no binaries for."""

from __future__ import annotations

import pytest

from kkplan.kubekey3.versions import installed_versions
from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_in_plan, line_with


def versioned(version: str, kind: str = "") -> str:
    return config_text(more=f"kubernetes:\n  version: {version}\n" + (f"  type: {kind}\n" if kind else ""))


@pytest.mark.parametrize(
    "version", ["v1.34.0", "v1.26.99", "1.29.13", "v1.18.8", "v1.26.5.", "v1.26.5+x", "v2.26.5", "v1.99999999999999.0"]
)
def test_kubernetes_that_kk_refuses(version: str) -> None:
    text = versioned(version)
    (finding,) = found("KK307", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "version: " + version))
    assert len(found_in_plan("KK307", text, "internal-haproxy")) == 1


@pytest.mark.parametrize(
    "version", ["v1.26.5", "1.33.4", "v1.19.15", "v1.29.15", "v1.23.17-rc", "", "null", "v1.26", '"v1.30.0"']
)
def test_silent_for_those_it_has(version: str) -> None:
    """What is after a hyphen does not count; what is no version is the default, v1.23.17."""
    assert found("KK307", versioned(version)) == []


@pytest.mark.parametrize(
    ("version", "kind", "such_as"),
    [
        ("v1.26.99", "", "v1.26.15"),
        ("1.29.13", "", "v1.29.15"),
        ("v1.34.0", "", "v1.33.4"),
        ("v1.26.5-k3s", "", "v1.24.7"),
        ("v1.99.0", "rke2", "v1.33.4"),
    ],
)
def test_one_that_it_has_is_named(version: str, kind: str, such_as: str) -> None:
    (finding,) = found("KK307", versioned(version, kind))
    assert such_as in finding.advice.english


@pytest.mark.parametrize(("kind", "version"), [("k3s", "v1.26.5"), ("k3s", ""), ("k8e", "v1.21.5")])
def test_k3s_and_k8e_have_lists_of_their_own(kind: str, version: str) -> None:
    """kk asks for the checksum only after the download."""
    (finding,) = found("KK307", versioned(version, kind))
    assert finding.severity is Severity.ERROR
    assert installed_versions(kind)[0] in finding.advice.english
    assert found("KK307", versioned(installed_versions(kind)[0], kind)) == []
    assert found("KK307", versioned(f"{installed_versions(kind)[0]}-{kind}")) == []
