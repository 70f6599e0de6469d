"""Observes a rehearsal: the client's requests, its idle connection, and the VIP on each LB server's NIC."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock, Thread
from typing import IO

from kkplan.cluster.outage import Holding, Request, holders_at, newest_holdings
from kkplan.lab.lb_server import LbServer
from kkplan.lab.pair_lab import PairLab
from kkplan.lab.program import command_of

_LONGEST_LINE = 65536  # characters: the writer may be hostile
PATIENCE = 1.0  # seconds a request may take


@dataclass(frozen=True)
class IdleEvent:
    """The state of the idle connection: `open`, `closed` by the other side, `answered` or `dead` when tried."""

    moment: float
    what: str


class VipRecord:
    """Who holds the VIP, from the output of `ip monitor` on each LB server.

    Attributes:
        holdings: the newest, in the order of their beginnings.
    """

    def __init__(self, vip: str) -> None:
        self.holdings: list[Holding] = []
        self._vip = vip
        self._lock = Lock()  # each LB server has a thread

    def note(self, lb: str, line: str) -> None:
        """Process a line about an LB server's addresses."""
        if f" {self._vip}/" not in line:
            return
        if line.startswith("Deleted"):
            self.note_gone(lb)
        elif lb not in self.holders():
            with self._lock:
                self.holdings = newest_holdings([*self.holdings, Holding(lb, time.monotonic())])

    def note_gone(self, lb: str) -> None:
        """The LB server no longer has the VIP, if it had it."""
        now = time.monotonic()
        with self._lock:
            self.holdings = [
                replace(holding, until=now) if holding.lb == lb and holding.until is None else holding
                for holding in self.holdings
            ]

    def holders(self) -> tuple[str, ...]:
        """The LB servers that hold it now."""
        return holders_at(self.holdings, time.monotonic())


class Observer:
    """Collects events, with times of the monotonic clock, until it is closed.

    Args:
        rate: requests a second.

    Attributes:
        requests: in the order of their ends.
        idle_events: in the order of time.
        vip: who held the VIP when.
    """

    def __init__(self, lab: PairLab, rate: float) -> None:
        self.requests: list[Request] = []
        self.idle_events: list[IdleEvent] = []
        self.vip = VipRecord(lab.vip)
        command = command_of("client", lab.vip, str(lab.network.port), str(1 / rate), str(PATIENCE))
        self._client = lab.client.spawn(command)
        assert self._client.stdout is not None
        self._follow(self._client.stdout, self._note_client)
        self._watched: set[int] = set()
        self.watch_new(lab.lbs.values())

    def __enter__(self) -> Observer:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.kill()
        self._client.wait()
        assert self._client.stdin is not None
        with suppress(BrokenPipeError):  # further output has no reader
            self._client.stdin.close()

    def watch_new(self, servers: Iterable[LbServer]) -> None:
        """Follow the VIP on servers that are not yet followed; they do not have it yet."""
        for server in servers:
            if server.is_running and server.pid not in self._watched:
                self._watched.add(server.pid)
                stream = server.launch_stream("ip", "-o", "monitor", "address")
                self._follow(stream, partial(self.vip.note, server.name), partial(self.vip.note_gone, server.name))

    def _follow(self, stream: IO[str], note: Callable[[str], None], at_end: Callable[[], None] = lambda: None) -> None:
        """Read what a program writes, line by line, as it comes."""

        def read() -> None:
            # It ends at the latest with the machine, when no process has the pipe any more.
            with stream:
                for line in iter(lambda: stream.readline(_LONGEST_LINE), ""):
                    note(line)
            at_end()

        Thread(target=read, daemon=True).start()

    def _note_client(self, line: str) -> None:
        kind, *values = json.loads(line)
        if kind == "request":
            started, ended, server = values
            self.requests.append(Request(started, ended, server or ""))
        else:
            self.idle_events.append(IdleEvent(*values))

    def quiet_for(self, seconds: float) -> bool:
        """Whether requests were answered in the last seconds, and none failed."""
        since = time.monotonic() - seconds
        recent = []
        for request in reversed(self.requests):
            if request.ended < since:
                break
            recent.append(request.succeeded)
        return bool(recent) and all(recent)

    def try_idle_connection(self, since: float) -> str:
        """Whether the idle connection has lived since then: `lives`, `closed`, or `dead` (open, and no answer comes)."""
        if any(event.what in ("closed", "dead") for event in self.idle_events if event.moment >= since):
            return "closed"
        asked = time.monotonic()
        assert self._client.stdin is not None
        self._client.stdin.write("try\n")
        while time.monotonic() < asked + PATIENCE + 0.5:
            answer = next((event.what for event in self.idle_events if event.moment >= asked), "")
            if answer:
                return {"answered": "lives", "dead": "dead"}.get(answer, "closed")
            time.sleep(0.02)
        return "dead"
