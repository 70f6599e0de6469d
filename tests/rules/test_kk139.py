"""KK139: how to reach an external etcd."""

from __future__ import annotations

import pytest

from tests.rules.conftest import config_text, found, line_with

FILES = "caFile: /ca.crt\n    certFile: /etcd.crt\n    keyFile: /etcd.key"
ENDPOINTS = "endpoints:\n    - https://172.16.1.1:2379"


def etcd(kind: str, external: str) -> str:
    return config_text(more=f"etcd:\n  type: {kind}\n  external:\n    {external}\n")


@pytest.mark.parametrize("external", [FILES, f"endpoints: []\n    {FILES}", f"endpoints:\n    {FILES}"])
def test_no_endpoint(external: str) -> None:
    """Missing, empty or null."""
    text = etcd("external", external)
    (finding,) = found("KK139", text)
    assert "is empty" in finding.message.english
    assert finding.line in (line_with(text, "external:"), line_with(text, "external:") + 1)


@pytest.mark.parametrize("left_out", ["caFile", "certFile", "keyFile"])
def test_half_of_the_certificates(left_out: str) -> None:
    """kk asks for caFile alone."""
    files = "\n    ".join(line.strip() for line in FILES.splitlines() if left_out not in line)
    (finding,) = found("KK139", etcd("external", f"{ENDPOINTS}\n    {files}"))
    assert finding.message.english.startswith(f"etcd.external has no {left_out}:")


@pytest.mark.parametrize(
    ("kind", "external"), [("external", f"{ENDPOINTS}\n    {FILES}"), ("external", ENDPOINTS), ("kubekey", FILES)]
)
def test_silent_with_all_of_them_or_none(kind: str, external: str) -> None:
    """An etcd without TLS needs no file, and another type reads none."""
    assert found("KK139", etcd(kind, external)) == []
