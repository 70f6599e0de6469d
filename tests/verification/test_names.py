"""DNS names: a resolver that does not answer keeps nobody waiting."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest

from kkplan.verification.names import addresses_of
from kkplan.verification.probe import Failure, Port, ask_once, probe_port

NAME = "lb.example.com"


@contextmanager
def listener() -> Iterator[int]:
    """A port of 127.0.0.1 that accepts connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name have these addresses; what was asked for is collected."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: Any, *rest: Any, **options: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr("kkplan.verification.names.socket.getaddrinfo", getaddrinfo)
    return asked


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, enough, finished = [], Event(), Event()

    def hangs(host: str, *rest: Any, **options: Any) -> list[Any]:
        asked.append(host)
        enough.wait(20)
        finished.set()
        raise socket.gaierror(socket.EAI_AGAIN, "")

    monkeypatch.setattr("kkplan.verification.names.socket.getaddrinfo", hangs)

    async def probes() -> list[Port]:
        knocks = await asyncio.gather(*(probe_port(NAME, 6443, 0.05) for _ in range(20)))
        return [*knocks, (await ask_once(NAME, 6443, 0.05, NAME)).port]

    assert asyncio.run(probes()) == [Port.UNKNOWN_NAME] * 21
    assert not finished.is_set(), "the program waited for the resolver at its end"
    assert asked == [NAME], "one question at a time"
    enough.set()


def test_the_next_address_is_tried_and_the_name_asked_for_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with listener() as port:
        asked = resolves_to(monkeypatch, "127.0.0.9", "127.0.0.1")
        assert [asyncio.run(probe_port(NAME, port, 5)) for _ in range(2)] == [Port.OPEN] * 2
        assert asked == [NAME] * 2
        resolves_to(monkeypatch, "127.0.0.9")
        assert asyncio.run(probe_port(NAME, port, 5)) is Port.REFUSED


def test_a_server_that_never_speaks_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    resolves_to(monkeypatch, "127.0.0.1")
    with listener() as port:
        answer = asyncio.run(ask_once(NAME, port, 0.2, NAME))
    assert (answer.port, answer.failure) == (Port.SILENT, Failure.NONE)


@pytest.mark.parametrize("address", ["172.16.0.10", "fd00::10"])
def test_an_address_needs_no_resolver(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolves_to(monkeypatch)
    assert asyncio.run(addresses_of(address, 1)) == (address,)
    assert asked == []


@pytest.mark.parametrize("name", ["no.such.name.invalid", f"{'a' * 70}.example"])
def test_a_name_that_is_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(host: str, *rest: Any, **options: Any) -> list[Any]:
        host.encode("idna")
        raise socket.gaierror(socket.EAI_NONAME, "")

    monkeypatch.setattr("kkplan.verification.names.socket.getaddrinfo", refuses)
    assert asyncio.run(probe_port(name, 6443, 5)) is Port.UNKNOWN_NAME
