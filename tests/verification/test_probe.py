"""Certificates, names and outages: what is decided without a network."""

from __future__ import annotations

import ssl
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest

from kkplan.cluster.backend import Backend
from kkplan.cluster.effective import Route
from kkplan.rehearsal.measurement import Request
from kkplan.verification.check import Outcome
from kkplan.verification.checks import backends_before, endpoint_port, endpoint_tls, lb_servers
from kkplan.verification.probe import Answer, Port, covers, read_certificate
from kkplan.verification.site import Site
from kkplan.verification.watch import outages_of, watched

SITE = Site(Route.ADDRESS, "172.16.0.10", "lb.kubesphere.local", 6443, (Backend("master1", "172.16.0.4"),))
NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)


def certificate(folder: Path, names: str) -> bytes:
    """One that openssl made, in DER."""
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=kube-apiserver"
    extension = ["-addext", f"subjectAltName={names}"] if names else []
    out = folder / "certificate.pem"
    subprocess.run(
        [*command.split(), *extension, "-keyout", folder / "key", "-out", out], check=True, capture_output=True
    )
    return ssl.PEM_cert_to_DER_cert(out.read_text(encoding="ascii"))


def test_the_names_of_a_certificate_are_read_without_trusting_it(tmp_path: Path) -> None:
    der = certificate(tmp_path, "DNS:kubernetes,DNS:*.example.com,IP:172.16.0.10,IP:fd00::10,email:a@example.com")
    names, not_before, not_after = read_certificate(der)
    assert names == ("kubernetes", "*.example.com", "172.16.0.10", "fd00::10")
    assert not_before is not None
    assert not_after is not None
    assert (not_after - not_before).days == 2


def test_a_certificate_without_names_has_none(tmp_path: Path) -> None:
    assert read_certificate(certificate(tmp_path, ""))[0] == ()


def test_what_is_no_certificate() -> None:
    with pytest.raises(ValueError, match="Insufficient data"):
        read_certificate(b"nothing of the kind")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("LB.kubesphere.local", True),
        ("a.example.com", True),
        ("b.a.example.com", False),
        ("example.com", False),
        ("172.16.0.10", True),
        ("172.16.0.1", False),
        ("fd00:0:0::10", True),
    ],
)
def test_what_a_certificate_is_valid_for(wanted: str, expected: bool) -> None:
    assert covers(("lb.kubesphere.local", "*.example.com", "172.16.0.10", "fd00::10"), wanted) is expected


@pytest.mark.parametrize(
    ("port", "pair_runs", "others", "outcome", "word"),
    [
        (Port.OPEN, True, (), Outcome.OK, "holds the VIP"),
        (Port.SILENT, True, (), Outcome.FAILED, "the VIP does not answer"),
        (Port.SILENT, False, (Port.SILENT,), Outcome.OK, "it is free"),
        (Port.REFUSED, False, (), Outcome.FAILED, "another machine has the VIP"),
        (Port.SILENT, False, (Port.OPEN,), Outcome.FAILED, "another machine has the VIP"),
    ],
)
def test_whose_the_vip_is(port: Port, pair_runs: bool, others: tuple[Port, ...], outcome: Outcome, word: str) -> None:
    seen = endpoint_port.judged("172.16.0.10:6443", port, pair_runs, [port, *others])
    assert (seen.outcome, word in str(seen.what)) == (outcome, True)


@pytest.mark.parametrize(
    ("port", "outcome"), [(Port.REFUSED, Outcome.OK), (Port.OPEN, Outcome.WARNING), (Port.SILENT, Outcome.FAILED)]
)
def test_control_planes_before_the_install(port: Port, outcome: Outcome) -> None:
    assert backends_before.judged("master1", "172.16.0.4:6443", port).outcome is outcome


@pytest.mark.parametrize(
    ("port", "outcome"), [(Port.OPEN, Outcome.OK), (Port.REFUSED, Outcome.FAILED), (Port.UNREACHABLE, Outcome.FAILED)]
)
def test_lb_servers_before_the_install(port: Port, outcome: Outcome) -> None:
    assert lb_servers.judged("lb1", "172.16.0.2:6443", port).outcome is outcome


def test_a_certificate_without_the_address_and_out_of_date_is_found() -> None:
    year = timezone.utc
    answer = Answer(
        Port.OPEN, 200, ("lb.kubesphere.local",), datetime(2024, 1, 1, tzinfo=year), datetime(2025, 1, 1, tzinfo=year)
    )
    seen = endpoint_tls.judged_certificate(SITE, "172.16.0.10:6443", answer, NOW)
    assert [(it.outcome, str(it.what)) for it in seen] == [
        (Outcome.OK, "the certificate is valid for lb.kubesphere.local"),
        (Outcome.FAILED, "the certificate is not valid for 172.16.0.10"),
        (Outcome.FAILED, "the certificate is valid from 2024-01-01 to 2025-01-01 only"),
    ]


def test_outages_lie_between_answers() -> None:
    probes = [Request(0.0, 0.1, "yes"), Request(0.2, 2.2, ""), Request(0.4, 2.4, ""), Request(0.6, 0.7, "yes")]
    (outage,) = outages_of(probes, 3)
    assert (outage.began, round(outage.seconds, 3), outage.failed, outage.ended) == (0.2, 0.6, 2, True)
    assert watched(probes, 3).answers_at_the_end
    (still,) = outages_of(probes[:3], 3)
    assert (round(still.seconds, 3), still.ended) == (2.9, False)
    assert not watched(probes[:3], 3).answers_at_the_end
    assert not watched([], 3).answers_at_the_end


def test_a_slow_answer_makes_no_negative_outage() -> None:
    probes = [Request(0.0, 2.0, "yes"), Request(0.2, 0.9, ""), Request(0.4, 0.95, "yes")]
    (outage,) = outages_of(probes, 3)
    assert round(outage.seconds, 3) == 0.75
