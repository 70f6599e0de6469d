"""Certificates, names and outages: what is decided without a network."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from kkplan.cluster.backend import Backend
from kkplan.cluster.effective import Route
from kkplan.cluster.site import Site, SiteMachine
from kkplan.rehearsal.measurement import Request
from kkplan.verification.check import Outcome
from kkplan.verification.checks import (
    backends_before,
    certificates,
    endpoint_port,
    lb_servers,
    workers_before,
    workers_haproxy,
)
from kkplan.verification.neighbour import Held, Neighbour
from kkplan.verification.probe import Answer, Port, covers, read_certificate
from kkplan.verification.watch import Watch, outages_of, watched

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
    read = read_certificate(der)
    assert read.names == ("kubernetes", "*.example.com", "172.16.0.10", "fd00::10")
    assert read.not_before is not None
    assert read.not_after is not None
    assert (read.not_after - read.not_before).days == 2
    assert read.issuer.startswith("Common Name: kube-apiserver")


def test_a_certificate_without_names_has_none(tmp_path: Path) -> None:
    assert read_certificate(certificate(tmp_path, "")).names == ()


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
    ("port", "pair_runs", "others", "held", "outcome", "word"),
    [
        (Port.OPEN, True, (), Held.YES, Outcome.OK, "holds the VIP"),
        (Port.SILENT, True, (), Held.NO, Outcome.FAILED, "the VIP does not answer"),
        (Port.SILENT, False, (Port.SILENT,), Held.NO, Outcome.OK, "the VIP is free"),
        (Port.SILENT, False, (Port.SILENT,), Held.UNKNOWN, Outcome.OK, "from a machine in its own subnet"),
        (Port.SILENT, False, (Port.SILENT,), Held.YES, Outcome.FAILED, "MAC address 02:00:00:00:00:01"),
        (Port.REFUSED, False, (), Held.UNKNOWN, Outcome.FAILED, "another machine has the VIP"),
        (Port.SILENT, False, (Port.OPEN,), Held.YES, Outcome.FAILED, "another machine has the VIP"),
    ],
)
def test_whose_the_vip_is(
    port: Port, pair_runs: bool, others: tuple[Port, ...], held: Held, outcome: Outcome, word: str
) -> None:
    known = Neighbour(held, "02:00:00:00:00:01" if held is Held.YES else "")
    seen = endpoint_port.judged("172.16.0.10:6443", port, pair_runs, [port, *others], known)
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


@pytest.mark.parametrize(
    ("names", "until", "outcome", "what"),
    [
        (
            ("lb.kubesphere.local", "172.16.0.10"),
            (2027, 1),
            Outcome.OK,
            "valid for lb.kubesphere.local, 172.16.0.10 until",
        ),
        (("lb.kubesphere.local", "172.16.0.10"), (2026, 6, 20), Outcome.WARNING, "until 2026-06-20"),
        (("lb.kubesphere.local", "172.16.0.10"), (2026, 2), Outcome.FAILED, "valid from 2026-01-01 to 2026-02-01 only"),
        (("lb.kubesphere.local",), (2027, 1), Outcome.FAILED, "not valid for 172.16.0.10"),
        ((), (2027, 1), Outcome.FAILED, "not valid for lb.kubesphere.local, 172.16.0.10"),
    ],
)
def test_a_certificate(names: tuple[str, ...], until: tuple[int, ...], outcome: Outcome, what: str) -> None:
    start, end = datetime(2026, 1, 1, tzinfo=timezone.utc), datetime(*[*until, 1][:3], tzinfo=timezone.utc)  # type: ignore[arg-type,misc]
    seen = certificates.judged(SITE, "master1", "172.16.0.4:6443", Answer(Port.OPEN, 200, names, start, end), NOW)
    assert (seen.outcome, what in str(seen.what)) == (outcome, True)


def test_certificates_of_two_clusters() -> None:
    site = replace(SITE, backends=(*SITE.backends, Backend("master2", "172.16.0.5")))
    one, other = Answer(Port.OPEN, issuer="kubernetes 01"), Answer(Port.OPEN, issuer="kubernetes 02")
    assert [seen.outcome for seen in certificates.judged_issuers(site, [one, other])] == [Outcome.FAILED]
    assert list(certificates.judged_issuers(site, [one, one])) == []
    assert list(certificates.judged_issuers(site, [one, Answer(Port.SILENT)])) == []


@pytest.mark.parametrize(
    ("port", "outcome"), [(Port.REFUSED, Outcome.OK), (Port.OPEN, Outcome.FAILED), (Port.SILENT, Outcome.FAILED)]
)
def test_workers_before_the_install(port: Port, outcome: Outcome) -> None:
    assert workers_before.judged(SiteMachine("node1", "172.16.0.7"), port).outcome is outcome


@pytest.mark.parametrize(
    ("answer", "outcome", "what"),
    [
        (Answer(Port.OPEN, 200), Outcome.OK, "HAProxy answers /healthz"),
        (Answer(Port.OPEN, 503), Outcome.FAILED, "/healthz answers 503"),
        (Answer(Port.REFUSED), Outcome.FAILED, "the port is refused"),
    ],
)
def test_haproxy_on_the_workers(answer: Answer, outcome: Outcome, what: str) -> None:
    seen = workers_haproxy.judged(SiteMachine("node1", "172.16.0.7"), answer)
    assert (seen.outcome, what in str(seen.what), seen.target) == (outcome, True, "172.16.0.7:8081")


def seen_in(probes: list[Request]) -> Watch:
    return watched(probes, datetime(2026, 6, 1, 3, 0), 3, asks=True)


def test_answer_times_by_nearest_rank() -> None:
    seen = seen_in([Request(float(n), n + n / 1000, "yes") for n in range(1, 101)] + [Request(200, 201, "")])
    assert [round(seen.answer_time(share), 3) for share in (0.5, 0.99, 1)] == [0.05, 0.099, 0.1]
    assert seen_in([]).answer_time(0.5) == 0.0
    assert seen.clock(75).isoformat() == "2026-06-01T03:01:15"


def test_outages_lie_between_answers() -> None:
    probes = [Request(0.0, 0.1, "yes"), Request(0.2, 2.2, ""), Request(0.4, 2.4, ""), Request(0.6, 0.7, "yes")]
    (outage,) = outages_of(probes, 3)
    assert (outage.began, round(outage.seconds, 3), outage.failed, outage.ended) == (0.2, 0.6, 2, True)
    assert seen_in(probes).answers_at_the_end
    (still,) = outages_of(probes[:3], 3)
    assert (round(still.seconds, 3), still.ended) == (2.9, False)
    assert not seen_in(probes[:3]).answers_at_the_end
    assert not seen_in([]).answers_at_the_end


def test_a_slow_answer_makes_no_negative_outage() -> None:
    probes = [Request(0.0, 2.0, "yes"), Request(0.2, 0.9, ""), Request(0.4, 0.95, "yes")]
    (outage,) = outages_of(probes, 3)
    assert round(outage.seconds, 3) == 0.75
