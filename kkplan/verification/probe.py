"""A probe of a port: one connection, one request, each with a timeout. Trusts no certificate and sends no secret."""

from __future__ import annotations

import asyncio
import errno
import json
import re
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from kkplan.cluster.cluster import url_host
from kkplan.verification.certificate import Certificate, CertificateError, read_certificate
from kkplan.verification.names import addresses_of

READYZ = "/readyz"
AT_ONCE = 160  # probes under way at the same time; a watch with the longest timeout has 150
ALIVE = (200, 401, 403)  # 401 and 403: an API server that refuses anonymous requests (--anonymous-auth=false)
MAX_ANSWER = 4096  # bytes that are read of an answer


class Port(str, Enum):
    """The result of a TCP connection."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    UNKNOWN_NAME = "unknown-name"


class Failure(str, Enum):
    """Why no HTTP answer came through an open port."""

    NONE = ""
    CLOSED = "closed"
    NO_TLS = "no-tls"
    NO_HTTP = "no-http"
    HANGS = "hangs"


@dataclass(frozen=True)
class Answer:
    """A server's answer.

    Attributes:
        status: HTTP status; 0 where TLS or HTTP failed.
        is_api_server: the answer is one that a kube-apiserver gives to /readyz; any web server answers with some status.
        certificate: the server's; None if there was none.
    """

    port: Port
    status: int = 0
    is_api_server: bool = False
    certificate: Certificate | None = None
    failure: Failure = Failure.NONE

    @property
    def alive(self) -> bool:
        """Whether a working API server answered."""
        return self.is_api_server and self.status in ALIVE


_slots: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


def _slot() -> asyncio.Semaphore:
    return _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


def host_port(host: str, port: int) -> str:
    """Host and port as a URL has them."""
    return f"{url_host(host)}:{port}"


async def probe_port(host: str, port: int, timeout: float) -> Port:
    """Whether a program listens."""
    async with _slot():
        try:
            addresses = await addresses_of(host, timeout)
            _, writer = await asyncio.wait_for(_connection(addresses, port), timeout)
        except (OSError, UnicodeError, asyncio.TimeoutError) as error:
            return port_of(error)
    writer.transport.abort()
    return Port.OPEN


async def ask(host: str, port: int, timeout: float, server_name: str) -> Answer:
    """Request /readyz over TLS; after a timeout, a second probe distinguishes a machine that is off from a hung program."""
    answer = await ask_once(host, port, timeout, server_name)
    if answer.port is Port.SILENT and await probe_port(host, port, timeout) is Port.OPEN:
        return Answer(Port.OPEN, failure=Failure.HANGS)
    return answer


async def ask_once(host: str, port: int, timeout: float, server_name: str) -> Answer:
    """Request /readyz over TLS, without verifying the certificate: the cluster's CA is not known here."""
    return await _asked(host, port, READYZ, timeout, server_name)


async def ask_plainly(host: str, port: int, path: str, timeout: float) -> Answer:
    """Request a path over HTTP without TLS."""
    return await _asked(host, port, path, timeout, None)


async def _asked(host: str, port: int, path: str, timeout: float, server_name: str | None) -> Answer:
    async with _slot():
        try:
            addresses = await addresses_of(host, timeout)
            return await asyncio.wait_for(_exchange(host, addresses, port, path, server_name), timeout)
        except (ConnectionResetError, asyncio.IncompleteReadError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return Answer(Port.OPEN, failure=Failure.CLOSED)
        except ssl.SSLError as error:
            closed = "EOF" in (error.reason or "")  # OpenSSL 3: UNEXPECTED_EOF_WHILE_READING
            return Answer(Port.OPEN, failure=Failure.CLOSED if closed else Failure.NO_TLS)
        except CertificateError:
            return Answer(Port.OPEN, failure=Failure.NO_TLS)
        except (OSError, UnicodeError, asyncio.TimeoutError) as error:
            return Answer(port_of(error))
        except (asyncio.LimitOverrunError, ValueError):
            return Answer(Port.OPEN, failure=Failure.NO_HTTP)


async def _connection(
    addresses: Sequence[str], port: int, server_name: str | None = None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the first address that has one, with TLS where the server is named."""
    context = None if server_name is None else _trusting_nothing()
    for address in addresses[:-1]:
        try:
            return await asyncio.open_connection(address, port, ssl=context, server_hostname=server_name)
        except (ssl.SSLError, ConnectionResetError):
            raise  # a program listens there
        except OSError:
            continue
    return await asyncio.open_connection(addresses[-1], port, ssl=context, server_hostname=server_name)


async def _exchange(host: str, addresses: Sequence[str], port: int, path: str, server_name: str | None) -> Answer:
    reader, writer = await _connection(addresses, port, server_name)
    try:
        secured = writer.get_extra_info("ssl_object")
        der = secured.getpeercert(binary_form=True) if secured is not None else None
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host_port(host, port)}\r\nConnection: close\r\n\r\n".encode())
        answer = await _read_answer(reader)
        words = answer.partition(b"\n")[0].split()
        status = int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0
        known = path == READYZ and speaks_as_api_server(status, answer.partition(b"\r\n\r\n")[2])
        certificate = read_certificate(der) if der else None
        return Answer(Port.OPEN, status, known, certificate, Failure.NONE if status else Failure.NO_HTTP)
    finally:
        writer.transport.abort()


async def _read_answer(reader: asyncio.StreamReader) -> bytes:
    """Head and body, up to MAX_ANSWER bytes.

    Raises:
        asyncio.IncompleteReadError: no data came.
    """
    answer = b""
    while len(answer) < MAX_ANSWER and not _is_complete(answer):
        piece = await reader.read(MAX_ANSWER - len(answer))
        if not piece:
            break
        answer += piece
    if not answer:
        raise asyncio.IncompleteReadError(b"", None)
    return answer


def _is_complete(answer: bytes) -> bool:
    """Whether the body is as long as the head says; a server need not close the connection then."""
    head, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length:[ \t]*(\d{1,9})[ \t]*\r?$", head)
    if not head.startswith(b"HTTP/"[: len(head)]):
        return True
    return bool(end) and length is not None and len(body) >= int(length[1])


def speaks_as_api_server(status: int, body: bytes) -> bool:
    """Whether this is a kube-apiserver's answer to /readyz.

    Source: Kubernetes, staging/src/k8s.io/apiserver/pkg/server/healthz/healthz.go (`ok`; `readyz check failed` at the end
    of a list), and a Status object (apimachinery, meta/v1) for requests that it rejects.
    """
    if status == 200:
        return body == b"ok"
    if body.rstrip().endswith(b"readyz check failed"):
        return True
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and (said.get("kind"), said.get("apiVersion")) == ("Status", "v1")


@cache
def _trusting_nothing() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def port_of(error: Exception) -> Port:
    """The state of the port after a failed connection."""
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return Port.UNKNOWN_NAME
    if isinstance(error, ConnectionRefusedError):
        return Port.REFUSED
    if isinstance(error, asyncio.TimeoutError):
        return Port.SILENT
    number = getattr(error, "errno", None)
    return Port.UNREACHABLE if number in (errno.EHOSTUNREACH, errno.ENETUNREACH, None) else Port.SILENT
