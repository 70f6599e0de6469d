"""The lab's client and the stand-ins for API servers: what talks to them may be hostile, and makes them neither end nor grow."""

from __future__ import annotations

import json
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import pytest

from kkplan.lab import api_server as api_server_module
from kkplan.lab.machine import Machine
from kkplan.lab.pair_lab import make_certificate, wait_until
from kkplan.lab.program import command_of
from kkplan.lab.switch import Switch
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
    command = command_of("client", "127.0.0.1", str(port), "0.25", str(patience))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        watchdog = Timer(30, process.kill)  # one that has fallen silent must not keep the test waiting
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def lines_of(process: subprocess.Popen[str], kind: str, count: int) -> list[list[Any]]:
    """The first lines of that kind; fewer where the client stops writing any."""
    assert process.stdout is not None
    found = []
    for text in iter(process.stdout.readline, ""):
        line = json.loads(text)
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


@contextmanager
def api_server(folder: Path, **limits: object) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The stand-in for an API server with other limits, and its port on this machine's loopback."""
    source = Path(api_server_module.__file__).read_text(encoding="utf-8").replace('["0.0.0.0", "::"]', '["127.0.0.1"]')
    for name, limit in limits.items():
        source, count = re.subn(rf"(?m)^{name} = [\d.]+", f"{name} = {limit}", source)
        assert count == 1
    (folder / "api_server.py").write_text(source, encoding="utf-8")
    (folder / "server.pem").write_bytes(make_certificate(["127.0.0.1"]))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-I", str(folder / "api_server.py"), "m1", str(port), str(folder / "server.pem")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert wait_until(lambda: answers(port), 30)
            yield process, port
        finally:
            process.kill()


def opened(port: int) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=30))


def answers(port: int) -> bool:
    """Whether a request is answered."""
    with suppress(OSError), opened(port) as connection:
        connection.sendall(b"GET /readyz HTTP/1.1\r\n\r\n")
        return connection.recv(1000).startswith(b"HTTP/1.1 200 OK\r\nServer: m1\r\n")
    return False


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side closes it; False where nothing comes for half a minute."""
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def ask_without_end(connection: ssl.SSLSocket) -> None:
    while True:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n" * 1000)


def test_a_handshake_without_end_is_cut(tmp_path: Path) -> None:
    with (
        api_server(tmp_path, HANDSHAKE_SECONDS=0.5) as (_, port),
        socket.create_connection(("127.0.0.1", port), timeout=30) as connection,
    ):
        connection.sendall(b"\x16\x03\x01")
        assert is_closed(connection)
        assert answers(port)


def test_silence_after_the_handshake_is_cut(tmp_path: Path) -> None:
    with api_server(tmp_path, SILENCE_SECONDS=0.5) as (_, port), opened(port) as connection:
        assert is_closed(connection)
        assert answers(port)


def test_who_reads_no_answers_is_cut(tmp_path: Path) -> None:
    with api_server(tmp_path, ANSWER_SECONDS=0.5) as (_, port), opened(port) as connection:
        with pytest.raises(OSError, match=r"(?i)reset|broken pipe|eof"):
            ask_without_end(connection)
        assert answers(port)


def test_a_request_without_end_is_cut_and_logs_nothing(tmp_path: Path) -> None:
    with api_server(tmp_path) as (process, port):
        for _ in range(3):
            with opened(port) as connection, suppress(OSError):
                connection.sendall(b"x" * 100_000)
                assert is_closed(connection)
        assert answers(port)
        process.kill()
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_connections_have_a_limit(tmp_path: Path) -> None:
    with api_server(tmp_path, MOST_CONNECTIONS=50) as (process, port):
        folder = Path(f"/proc/{process.pid}/fd")
        held = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(200)]
        assert wait_until(lambda: len(list(folder.iterdir())) >= 49, 30), "proof that this test can fail"
        assert not wait_until(lambda: len(list(folder.iterdir())) > 50, 3)
        for connection in held:
            connection.close()
        assert wait_until(lambda: answers(port), 30)
        process.kill()
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_the_client_holds_no_handshakes(tmp_path: Path) -> None:
    """Whoever accepts its connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=500) as server:
        with client(tmp_path, server.getsockname()[1], patience=0.3) as process:
            assert [line[3] for line in lines_of(process, "request", 12)] == [None] * 12
            sockets = [it for it in Path(f"/proc/{process.pid}/fd").iterdir() if "socket:" in str(it.readlink())]
        assert len(sockets) < 8


def test_a_switch_learns_no_made_up_addresses() -> None:
    source = """
import socket, os
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("eth0", 0))
for number in range(3000):
    s.send(b"\\xff" * 6 + b"\\x02\\x00" + number.to_bytes(4, "big") + b"\\x08\\x06" + bytes(46))
"""
    with Switch() as switch, Machine() as one, Machine() as two:
        switch.plug(one, ("172.16.0.1/24",))
        switch.plug(two, ("172.16.0.2/24",))
        one.do(sys.executable, "-I", "-c", source)
        assert len(switch.do("bridge", "fdb", "show").splitlines()) < 30
        assert one.run("bash", "-c", "timeout 5 bash -c ': </dev/tcp/172.16.0.2/9' 2>&1 | grep -q refused")[0] == 0
