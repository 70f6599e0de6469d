"""The lab's client and the stand-ins for API servers: what talks to them may be hostile, and makes them neither end nor grow."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from kkplan.lab.machine import source_of
from kkplan.lab.pair_lab import make_certificate
from tests.rehearsal.conftest import needs_lab

pytestmark = needs_lab


@contextmanager
def tls_server(folder: Path, answer: bytes) -> Iterator[int]:
    """A port of 127.0.0.1 where each request gets this answer, whose last line is repeated until the client goes."""
    (folder / "server.pem").write_bytes(make_certificate(["127.0.0.1"]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")

    def serve(plain: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
            connection.settimeout(20)
            while connection.recv(1000):
                connection.sendall(answer)

    def accept(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                Thread(target=serve, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=accept, args=(server,), daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


@contextmanager
def client(folder: Path, port: int, patience: float = 2.0) -> Iterator[subprocess.Popen[str]]:
    """The client at work, four requests a second."""
    (folder / "client.py").write_bytes(source_of("client"))
    command = [sys.executable, "-I", str(folder / "client.py"), "127.0.0.1", str(port), "0.25", str(patience)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def lines_of(process: subprocess.Popen[str], kind: str, count: int) -> list[list[Any]]:
    """The first lines of that kind; fewer where the client stops writing any."""
    assert process.stdout is not None
    found = []
    for _ in range(60):
        line = json.loads(process.stdout.readline())
        found += [line] if line[0] == kind else []
        if len(found) == count:
            break
    return found


OK = b"HTTP/1.1 200 OK\r\nServer: %s\r\nContent-Length: 2\r\n\r\nok"
ENDLESS = {
    "a line": b"HTTP/1.1 200 " + b"O" * (1 << 18),
    "a name": OK % (b"x" * (1 << 18)),
    "headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * (1 << 16),
    "a length": b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 20_000 + b"\r\n\r\n",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -9\r\n\r\n",
}


@pytest.mark.parametrize("answer", ENDLESS)
def test_an_answer_without_end_is_no_answer(answer: str, tmp_path: Path) -> None:
    with tls_server(tmp_path, ENDLESS[answer]) as port, client(tmp_path, port) as process:
        assert [line[3] for line in lines_of(process, "request", 3)] == [None] * 3
        assert process.stdin is not None
        process.stdin.write("try\n")
        process.stdin.flush()
        assert [line[2] for line in lines_of(process, "idle", 2)] == ["dead", "open"]


@pytest.mark.parametrize("name", [b"x" * 60_000, "名".encode() * 20_000, b"\xff" * 60_000])
def test_a_long_name_is_cut(name: bytes, tmp_path: Path) -> None:
    with tls_server(tmp_path, OK % name) as port, client(tmp_path, port) as process:
        for line in lines_of(process, "request", 2):
            assert line[3] is not None
            assert len(line[3]) <= 253
