"""Certificates, names and outages: what is decided without a network."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest

from kkplan.cluster.backend import Backend
from kkplan.cluster.endpoint import Route
from kkplan.cluster.outage import Request
from kkplan.cluster.site import Site, SiteMachine
from kkplan.locale import node_names
from kkplan.render.format import OutputOptions
from kkplan.render.verification.as_text import outage_text
from kkplan.verification.certificate import Certificate, CertificateError, Issuer, read_certificate
from kkplan.verification.check import Outcome, ProbeContext
from kkplan.verification.checks import (
    api_servers,
    backends_before,
    certificates,
    endpoint_port,
    endpoint_tls,
    lb_servers,
    load_balancer,
    workers_before,
    workers_haproxy,
)
from kkplan.verification.neighbour import Held, Neighbour
from kkplan.verification.probe import Answer, Failure, Port, ask
from kkplan.verification.watch import Watch, WatchedOutage, watched

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
    assert (read.not_after - read.not_before).days == 2
    assert read.issuer.name == "kube-apiserver"
    assert len(read.fingerprint) == 64


def test_a_certificate_without_names_has_none(tmp_path: Path) -> None:
    assert read_certificate(certificate(tmp_path, "")).names == ()


def test_a_dns_name_that_is_an_address_is_none(tmp_path: Path) -> None:
    """Clients match an address with no DNS name, so kkplan must not either."""
    read = read_certificate(certificate(tmp_path, "DNS:172.16.0.10,DNS:fd00::10,DNS:kubernetes,IP:172.16.0.11"))
    assert read.names == ("kubernetes", "172.16.0.11")
    assert not read.covers("172.16.0.10")
    assert not read.covers("fd00::10")


def test_what_is_no_certificate() -> None:
    with pytest.raises(CertificateError):
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
    names = ("lb.kubesphere.local", "*.example.com", "172.16.0.10", "fd00::10")
    assert a_certificate(names).covers(wanted) is expected


LB1, LB2, OTHER = "02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:03"
BOTH = {"lb1": Neighbour(Held.YES, LB1), "lb2": Neighbour(Held.YES, LB2)}
CLOUD = {"lb1": Neighbour(Held.YES, LB1), "lb2": Neighbour(Held.YES, LB1)}
FAR = {"lb1": Neighbour(Held.UNKNOWN), "lb2": Neighbour(Held.UNKNOWN)}


@pytest.mark.parametrize(
    ("port", "pair_runs", "vip", "machines", "outcome", "word"),
    [
        (Port.OPEN, True, Neighbour(Held.YES, LB2), BOTH, Outcome.OK, "lb2 holds the VIP (checked by ARP)"),
        (
            Port.OPEN,
            True,
            Neighbour(Held.YES, OTHER),
            BOTH,
            Outcome.FAILED,
            "02:00:00:00:00:03 does not belong to lb1, lb2",
        ),
        (
            Port.OPEN,
            True,
            Neighbour(Held.YES, "00:00:5e:00:01:0a"),
            BOTH,
            Outcome.OK,
            "the VIP's port accepts connections (TCP)",
        ),
        (Port.OPEN, True, Neighbour(Held.YES, LB1), CLOUD, Outcome.OK, "this machine cannot see which LB server"),
        (Port.OPEN, True, Neighbour(Held.UNKNOWN), FAR, Outcome.OK, "this machine cannot see which LB server"),
        (Port.OPEN, True, Neighbour(Held.HERE), BOTH, Outcome.OK, "this machine holds the VIP"),
        (Port.SILENT, True, Neighbour(Held.NO), BOTH, Outcome.FAILED, "no machine has the VIP (checked by ARP)"),
        (Port.SILENT, True, Neighbour(Held.UNKNOWN), FAR, Outcome.FAILED, "the VIP's is not: no answer"),
        (Port.SILENT, False, Neighbour(Held.NO), BOTH, Outcome.OK, "answers for it (checked by ARP)"),
        (Port.SILENT, False, Neighbour(Held.YES, OTHER), BOTH, Outcome.FAILED, "does not belong to lb1, lb2"),
        (
            Port.SILENT,
            False,
            Neighbour(Held.YES, OTHER),
            FAR,
            Outcome.FAILED,
            "02:00:00:00:00:03 has the VIP (checked by ARP)",
        ),
        (Port.REFUSED, False, Neighbour(Held.YES, LB1), BOTH, Outcome.FAILED, "lb1 has the VIP (checked by ARP)"),
        (Port.REFUSED, False, Neighbour(Held.HERE), BOTH, Outcome.FAILED, "this machine itself has the VIP"),
        (Port.REFUSED, False, Neighbour(Held.UNKNOWN), FAR, Outcome.FAILED, "it answers (checked by TCP)"),
        (Port.SILENT, False, Neighbour(Held.YES, LB1), CLOUD, Outcome.OK, "answers ARP itself"),
        (Port.SILENT, False, Neighbour(Held.UNKNOWN), FAR, Outcome.OK, "by TCP only"),
    ],
)
def test_whose_the_vip_is(
    port: Port, pair_runs: bool, vip: Neighbour, machines: dict[str, Neighbour], outcome: Outcome, word: str
) -> None:
    lb_ports = (Port.OPEN if pair_runs else Port.REFUSED, Port.REFUSED)
    signs = endpoint_port.VipSigns("172.16.0.10", (port, Port.SILENT), lb_ports, vip, machines)
    seen = endpoint_port.judged("172.16.0.10:6443", signs)
    assert seen.outcome is outcome
    assert word in str(seen.what)
    assert (seen.advice is not None) is (outcome is Outcome.FAILED)


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


def a_certificate(
    names: tuple[str, ...] = (), start: str = "2026-01-01", end: str = "2027-01-01", key: str = "01"
) -> Certificate:
    valid = [datetime.fromisoformat(day).replace(tzinfo=timezone.utc) for day in (start, end)]
    return Certificate(names, valid[0], valid[1], Issuer("kubernetes", key), f"fingerprint of {key}")


ALL_NAMES = ("lb.kubesphere.local", "172.16.0.10")


@pytest.mark.parametrize(
    ("certificate", "expected"),
    [
        (a_certificate(ALL_NAMES), [(Outcome.OK, "valid for lb.kubesphere.local, 172.16.0.10 until 2027-01-01")]),
        (a_certificate(ALL_NAMES, end="2026-06-20"), [(Outcome.WARNING, "valid only until 2026-06-20")]),
        (a_certificate(ALL_NAMES, "2026-05-30", "2026-06-03"), [(Outcome.OK, "until 2026-06-03")]),
        (a_certificate(ALL_NAMES, end="2026-02-01"), [(Outcome.FAILED, "valid only from 2026-01-01 to 2026-02-01")]),
        (a_certificate(ALL_NAMES, "2026-06-02"), [(Outcome.FAILED, "valid only from 2026-06-02 to 2027-01-01")]),
        (a_certificate(ALL_NAMES[:1]), [(Outcome.FAILED, "not valid for 172.16.0.10")]),
        (
            a_certificate(end="2026-02-01"),
            [
                (Outcome.FAILED, "not valid for lb.kubesphere.local, 172.16.0.10"),
                (Outcome.FAILED, "valid only from 2026-01-01"),
            ],
        ),
        (None, [(Outcome.SKIPPED, "presents no certificate")]),
    ],
)
def test_a_certificate(certificate: Certificate | None, expected: list[tuple[Outcome, str]]) -> None:
    seen = list(certificates.judged(node_names("master1"), "172.16.0.4:6443", certificate, ALL_NAMES, NOW))
    assert [it.outcome for it in seen] == [outcome for outcome, _ in expected]
    assert all(word in str(it.what) for it, (_, word) in zip(seen, expected, strict=True))


def test_certificates_of_two_clusters() -> None:
    one, other = Issuer("kubernetes", "0011223344"), Issuer("kubernetes", "5566778899")
    (seen,) = certificates.judged_issuers("lb", {"master1": one, "master2": other, "master3": one})
    assert seen.outcome is Outcome.FAILED
    assert "master1, master3: kubernetes (00112233); master2: kubernetes (55667788)" in str(seen.what)
    (seen,) = certificates.judged_issuers("lb", {"master1": one, "master2": one})
    assert (seen.outcome, str(seen.what)) == (Outcome.OK, "all 2 are signed by the same CA: kubernetes (00112233)")
    assert list(certificates.judged_issuers("lb", {"master1": one})) == []


def test_an_endpoint_that_ends_tls() -> None:
    own, cloud = Issuer("kubernetes", "01"), Issuer("Cloud CA", "")
    (seen,) = certificates.judged_endpoint_issuer("lb:6443", cloud, {own})
    assert (seen.outcome, "signed by Cloud CA" in str(seen.what)) == (Outcome.FAILED, True)
    assert list(certificates.judged_endpoint_issuer("lb:6443", own, {own})) == []
    assert list(certificates.judged_endpoint_issuer("lb:6443", cloud, set())) == []


def answer_of(key: str) -> Answer:
    return Answer(Port.OPEN, 200, is_api_server=True, certificate=a_certificate(key=key))


@pytest.mark.parametrize(
    ("through", "beside", "expected"),
    [
        ("12", "12", [(Outcome.OK, "requests reached master1, master2")]),
        ("11", "12", [(Outcome.WARNING, "no request reached master2")]),
        ("13", "12", [(Outcome.FAILED, "does not come from an API server of the config")]),
        ("11", "11", []),  # one certificate for both: nobody knows who answered
    ],
)
def test_whom_requests_came_to(through: str, beside: str, expected: list[tuple[Outcome, str]]) -> None:
    known = {f"master{number}": answer_of(key) for number, key in enumerate(beside, 1)}
    seen = endpoint_tls.judged_reached(
        node_names("endpoint"), "172.16.0.10:6443", [answer_of(key) for key in through], known
    )
    assert [it.outcome for it in seen] == [outcome for outcome, _ in expected]
    assert all(word in str(it.what) for it, (_, word) in zip(seen, expected, strict=True))


STATUS = b'{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403}\n'


@pytest.mark.parametrize(
    ("answer", "status", "is_api_server"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<h1>Welcome!\n</", 200, False),
        (b"HTTP/1.1 200 OK\r\n\r\n", 200, False),
        (b"HTTP/1.0 404 File not found\r\n\r\n404 page not found\n", 404, False),
        (b"HTTP/1.1 403 Forbidden\r\ncontent-length: %d\r\n\r\n%s" % (len(STATUS), STATUS), 403, True),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n<html>403</html>", 403, False),
        (b"HTTP/1.1 401 Unauthorized\r\n\r\n" + b"[" * 10_000, 401, False),
        (b"HTTP/1.1 500 Internal Server Error\r\n\r\n[-]etcd failed\nreadyz check failed\n", 500, True),
        (b"SSH-2.0-OpenSSH_9.2\r\n", 0, False),
    ],
)
def test_who_answers_readyz(answer: bytes, status: int, is_api_server: bool, tmp_path: Path) -> None:
    """A kube-apiserver is known by its words: any web server has a status."""
    certificate(tmp_path, "DNS:lb.kubesphere.local")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async def asked() -> Answer:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        async with server:
            return await ask("127.0.0.1", server.sockets[0].getsockname()[1], 5, "lb.kubesphere.local")

    seen = asyncio.run(asked())
    assert (seen.status, seen.is_api_server) == (status, is_api_server)
    assert seen.alive is (is_api_server and status != 500)
    judged = api_servers.judged("master1", "172.16.0.4:6443", seen)
    assert (judged.outcome is Outcome.OK) is seen.alive
    assert ("but the body is not a kube-apiserver's" in str(judged.what)) is (status != 0 and not is_api_server)


@pytest.mark.parametrize(
    ("route", "count", "outcome", "words"),
    [
        (Route.FIRST_CONTROL_PLANE, 3, Outcome.FAILED, "the endpoint is master1 itself, one of 3 control planes"),
        (Route.SINGLE, 1, Outcome.WARNING, "master1 is the only control plane"),
        (Route.ADDRESS, 3, None, ""),
        (Route.LOCAL_HAPROXY, 3, None, ""),
    ],
)
def test_a_site_without_a_load_balancer(route: Route, count: int, outcome: Outcome | None, words: str) -> None:
    backends = tuple(Backend(f"master{number}", f"172.16.0.{number + 3}") for number in range(1, count + 1))
    site = Site(route, "172.16.0.4", "lb.kubesphere.local", 6443, backends)
    seen = asyncio.run(load_balancer.run(ProbeContext(site, 1)))
    assert [it.outcome for it in seen] == ([outcome] if outcome else [])
    assert all(words in str(it.what) for it in seen)


def test_some_requests_failed() -> None:
    answers = [answer_of("1"), Answer(Port.OPEN, failure=Failure.CLOSED), answer_of("1")]
    seen = endpoint_tls.judged(node_names("endpoint"), "172.16.0.10:6443", answers)
    assert seen.outcome is Outcome.FAILED
    assert "1 of 3 requests for /readyz failed: the port is open, but the connection is closed" in str(seen.what)


@pytest.mark.parametrize(
    ("health", "api", "outcome", "what"),
    [
        (Port.REFUSED, Port.REFUSED, Outcome.OK, "are free (8081, 6443)"),
        (Port.OPEN, Port.REFUSED, Outcome.FAILED, "a program already listens on port 8081"),
        (Port.REFUSED, Port.OPEN, Outcome.FAILED, "a program already listens on port 6443"),
        (Port.SILENT, Port.SILENT, Outcome.FAILED, "no answer within the timeout"),
    ],
)
def test_workers_before_the_install(health: Port, api: Port, outcome: Outcome, what: str) -> None:
    seen = workers_before.judged(SiteMachine("node1", "172.16.0.7"), {8081: health, 6443: api})
    assert (seen.outcome, what in str(seen.what)) == (outcome, True)


@pytest.mark.parametrize(
    ("address", "answer", "outcome", "what"),
    [
        ("172.16.0.7", Answer(Port.OPEN, 200), Outcome.OK, "node1: /healthz answers 200"),
        ("172.16.0.7", Answer(Port.OPEN, 503), Outcome.FAILED, "/healthz answers 503"),
        ("172.16.0.7", Answer(Port.OPEN, failure=Failure.NO_HTTP), Outcome.FAILED, "does not support HTTP"),
        ("172.16.0.7", Answer(Port.REFUSED), Outcome.FAILED, "nothing listens on the port"),
        ("fd00::7", Answer(Port.REFUSED), Outcome.SKIPPED, "only over IPv4"),
    ],
)
def test_haproxy_on_the_workers(address: str, answer: Answer, outcome: Outcome, what: str) -> None:
    seen = workers_haproxy.judged(SiteMachine("node1", address), answer)
    assert (seen.outcome, what in str(seen.what)) == (outcome, True)


def seen_in(probes: list[Request]) -> Watch:
    return watched(probes, datetime(2026, 6, 1, 3, 0), 3, asks=True)


def test_answer_times_by_nearest_rank() -> None:
    seen = seen_in([Request(float(n), n + n / 1000, "yes") for n in range(1, 101)] + [Request(200, 201, "")])
    assert [round(seen.answer_time(share), 3) for share in (0.5, 0.99, 1)] == [0.05, 0.099, 0.1]
    assert seen_in([]).answer_time(0.5) == 0.0
    assert seen.clock(75).isoformat() == "2026-06-01T03:01:15"


def test_outages_lie_between_answers() -> None:
    probes = [Request(0.0, 0.1, "yes"), Request(0.2, 2.2, ""), Request(0.4, 2.4, ""), Request(0.6, 0.7, "yes")]
    (outage,) = seen_in(probes).outages
    assert (outage.began, round(outage.seconds, 3), outage.failed, outage.ended) == (0.1, 0.6, 2, True)
    assert seen_in(probes).answers_at_the_end
    (still,) = seen_in(probes[:3]).outages
    assert (still.began, round(still.seconds, 3), still.ended) == (0.1, 2.9, False)
    assert not seen_in(probes[:3]).answers_at_the_end
    assert not seen_in([]).answers_at_the_end


def test_a_slow_answer_makes_no_negative_outage() -> None:
    (outage,) = seen_in([Request(0.0, 2.0, "yes"), Request(0.2, 0.9, ""), Request(0.4, 0.95, "yes")]).outages
    assert round(outage.seconds, 3) == 0.75


@pytest.mark.parametrize(
    ("ended", "line"),
    [
        (True, "03:00:00.1 to 03:00:00.7: no answer for 0.6 s; 2 probes failed"),
        (False, "from 03:00:00.1 to the end: no answer for 0.6 s; 2 probes failed"),
    ],
)
def test_an_outage_by_the_clock(ended: bool, line: str) -> None:
    outage = WatchedOutage(0.1, 0.6, 2, ended)
    assert outage_text(datetime(2026, 6, 1, 3, 0), outage, OutputOptions()) == f"  {line}\n"


def with_validity(der: bytes, start: bytes | None, end: bytes | None) -> bytes:
    """The certificate with other dates (DER, tag and all); its signature no longer fits, which nobody looks at here."""
    from asn1crypto.x509 import Certificate as Parsed

    parsed = Parsed.load(der)
    body = parsed["tbs_certificate"]
    validity = body["validity"]
    dates = (start or validity["not_before"].dump()) + (end or validity["not_after"].dump())
    inner = body.contents.replace(validity.dump(), sequence(dates), 1)
    return sequence(sequence(inner) + parsed["signature_algorithm"].dump() + parsed["signature_value"].dump())


def sequence(content: bytes) -> bytes:
    length = len(content)
    return b"\x30" + (bytes([length]) if length < 128 else b"\x82" + length.to_bytes(2, "big")) + content


def general(text: bytes) -> bytes:
    return b"\x18" + bytes([len(text)]) + text


def utc(text: bytes) -> bytes:
    return b"\x17" + bytes([len(text)]) + text


ODD_DATES = [
    general(b"00000101000000Z"), general(b"00010101000000Z"), general(b"99991231235959Z"), general(b"20300101000000"),
    general(b"20300101000000.123Z"), general(b"20300101000000+1459"), general(b"00010101000000+1459"),
    general(b"99991231235959-1459"), general(b"20300231000000Z"), general(b"2030"), general(b""), general(b"\xff" * 14),
    utc(b""), utc(b"300101000000-1200"), utc(b"xxxxxxxxxxxxZ"), utc(b"000101000000Z"), utc(b"500101000000Z"),
    utc(b"3001010000Z"), b"\x02\x01\x00", b"\x05\x00", b"\x30\x00", b"",
]  # fmt: skip


@pytest.mark.parametrize("place", ["start", "end", "both"])
@pytest.mark.parametrize("date", ODD_DATES, ids=repr)
def test_odd_dates_of_a_certificate(date: bytes, place: str, tmp_path: Path) -> None:
    """It is read and judged, or it is no certificate; either is a result."""
    der = certificate(tmp_path, "DNS:lb.kubesphere.local")
    odd = with_validity(der, date if place != "end" else None, date if place != "start" else None)
    try:
        read = read_certificate(odd)
    except CertificateError:
        return
    assert [str(seen.what) for seen in certificates.judged(node_names("m1"), "x", read, ("lb.kubesphere.local",), NOW)]


@pytest.mark.parametrize("position", range(0, 420, 7))
def test_a_spoiled_certificate_is_read_or_none(position: int, tmp_path: Path) -> None:
    der = bytearray(certificate(tmp_path, "DNS:m1,IP:127.0.0.1"))
    for value in (0x00, 0xFF, 0x30, 0x80):
        der[position % len(der)] = value
        try:
            read = read_certificate(bytes(der))
        except CertificateError:
            continue
        assert [str(seen.what) for seen in certificates.judged(node_names("m1"), "x", read, ("m1", "127.0.0.1"), NOW)]
