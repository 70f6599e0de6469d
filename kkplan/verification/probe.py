"""Knocking at a port: one connection, one request, each with a time limit. No certificate is trusted and no secret sent."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from ipaddress import ip_address

AT_ONCE = 160  # probes under way at the same time; a watch with the longest timeout has 150
ALIVE = (200, 401, 403)  # 401 and 403: an API server that refuses anonymous requests (--anonymous-auth=false)
MAX_ANSWER = 4096  # bytes that are read of an answer


class Port(str, Enum):
    """What a TCP connection came to."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    UNKNOWN_NAME = "unknown-name"


@dataclass(frozen=True)
class Answer:
    """What an API server answered.

    Attributes:
        status: HTTP status of /readyz; 0 where TLS or HTTP failed.
        names: the DNS names and IP addresses of the certificate's subjectAltName (RFC 5280, 4.2.1.6).
        not_before, not_after: when the certificate is valid; None where there was none.
        issuer: who signed the certificate: its issuer's name and key (RFC 5280, 4.1.2.4 and 4.2.1.1).
        failure: what went wrong, in the words of the TLS library or the system.
    """

    port: Port
    status: int = 0
    names: tuple[str, ...] = ()
    not_before: datetime | None = None
    not_after: datetime | None = None
    issuer: str = ""
    failure: str = field(default="")

    @property
    def alive(self) -> bool:
        """Whether an API server answered that serves requests."""
        return self.status in ALIVE


_slots: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


def _slot() -> asyncio.Semaphore:
    return _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


async def knock(host: str, port: int, timeout: float) -> Port:
    """Whether anyone listens."""
    async with _slot():
        try:
            _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), timeout)
        except (OSError, UnicodeError, asyncio.TimeoutError) as error:
            return port_of(error)
    writer.transport.abort()
    return Port.OPEN


async def ask(host: str, port: int, timeout: float, server_name: str) -> Answer:
    """Ask for /readyz over TLS, without trusting the certificate: the cluster's CA is not known here."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    async with _slot():
        try:
            return await asyncio.wait_for(_exchange(host, port, context, server_name), timeout)
        except UnicodeError:
            return Answer(Port.UNKNOWN_NAME)
        except ssl.SSLError as error:
            return Answer(Port.OPEN, failure=error.reason or "TLS")
        except (ConnectionResetError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
            return Answer(Port.OPEN, failure=type(error).__name__)
        except asyncio.TimeoutError:
            pass  # a machine that is off, or a program that hangs: asked below
        except OSError as error:
            return Answer(port_of(error), failure=type(error).__name__)
    return Answer(await knock(host, port, timeout), failure="timeout")


async def _exchange(host: str, port: int, context: ssl.SSLContext, server_name: str) -> Answer:
    reader, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=server_name)
    try:
        certificate = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.write(f"GET /readyz HTTP/1.1\r\nHost: {_authority(host, port)}\r\nConnection: close\r\n\r\n".encode())
        line = (await reader.readuntil(b"\n"))[:MAX_ANSWER]
        words = line.split()
        status = int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0
        return replace(read_certificate(certificate or b""), status=status, failure="" if status else "no HTTP")
    finally:
        writer.transport.abort()


async def ask_plainly(host: str, port: int, path: str, timeout: float) -> Answer:
    """Ask for a path over HTTP without TLS."""
    async with _slot():
        try:
            return await asyncio.wait_for(_plain_exchange(host, port, path), timeout)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionResetError, ValueError) as error:
            return Answer(Port.OPEN, failure=type(error).__name__)
        except (OSError, UnicodeError, asyncio.TimeoutError) as error:
            return Answer(port_of(error), failure=type(error).__name__)


async def _plain_exchange(host: str, port: int, path: str) -> Answer:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {_authority(host, port)}\r\n\r\n".encode())
        words = (await reader.readuntil(b"\n"))[:MAX_ANSWER].split()
        status = int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0
        return Answer(Port.OPEN, status, failure="" if status else "no HTTP")
    finally:
        writer.transport.abort()


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def port_of(error: Exception) -> Port:
    """What a failed connection says about the port."""
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return Port.UNKNOWN_NAME
    if isinstance(error, ConnectionRefusedError):
        return Port.REFUSED
    if isinstance(error, asyncio.TimeoutError):
        return Port.SILENT
    number = getattr(error, "errno", None)
    return Port.UNREACHABLE if number in (errno.EHOSTUNREACH, errno.ENETUNREACH, None) else Port.SILENT


def read_certificate(der: bytes) -> Answer:
    """What the certificate says: its names, the time of validity and who signed it.

    Raises:
        ValueError: it is no certificate.
    """
    from asn1crypto.x509 import Certificate

    certificate = Certificate.load(der)
    validity = certificate["tbs_certificate"]["validity"]
    found = certificate.subject_alt_name_value
    names = (
        () if found is None else tuple(str(name.native) for name in found if name.name in ("dns_name", "ip_address"))
    )
    key = certificate.authority_key_identifier or ""
    issuer = f"{certificate.issuer.human_friendly} {key.hex() if isinstance(key, bytes) else ''}".strip()
    return Answer(
        Port.OPEN,
        names=names,
        not_before=validity["not_before"].native,
        not_after=validity["not_after"].native,
        issuer=issuer,
    )


def covers(names: tuple[str, ...], wanted: str) -> bool:
    """Whether a certificate with these names is valid for a DNS name or an IP address (RFC 6125, 6.4; RFC 2818, 3.1)."""
    try:
        address = ip_address(wanted)
    except ValueError:
        name = wanted.lower()
        parent = name.partition(".")[2]
        return any(known.lower() in (name, f"*.{parent}") for known in names)
    return any(_is_address(known) and ip_address(known) == address for known in names)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
