"""The client: opens new TLS connections at a steady rate, independent of earlier ones, and holds an idle one.

A program of its own, which runs in a machine of the lab: nothing but the standard library.
Arguments: host, port, seconds between two requests, seconds a request may take.

Writes JSON, a line each; times are those of the monotonic clock, which all machines of a host share:
["request", started, ended, the server's name or null for a failed one]
["idle", time, "open" | "closed" | "answered" | "dead"]
A line on standard input makes it test the idle connection. It ends when the input closes.
"""

import asyncio
import contextlib
import json
import os
import random
import ssl
import sys
import time
from typing import Any

LONGEST_ANSWER = 65536  # bytes: the server may be hostile
LONGEST_NAME = 253  # bytes of the server's name
REQUEST = b"GET /readyz HTTP/1.1\r\nHost: kube-apiserver\r\n\r\n"


def write_line(*values: Any) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


class Client:
    """Where requests go, and how long each may take."""

    def __init__(self, host: str, port: int, interval: float, patience: float) -> None:
        self.host = host
        self.port = port
        self.interval = interval
        self.patience = patience
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        self.wish = asyncio.Event()
        self.tasks: list[asyncio.Future[None]] = []  # asyncio itself keeps no task alive

    async def connect(self) -> "tuple[asyncio.StreamReader, asyncio.StreamWriter]":
        return await asyncio.open_connection(self.host, self.port, ssl=self.context, server_hostname="kube-apiserver")

    async def ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> "str | None":
        """One request on an open connection; returns the name of the server that answered."""
        writer.write(REQUEST)
        head = await reader.readuntil(b"\r\n\r\n")
        fields = {
            name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in head.splitlines())
        }
        length = int(fields.get(b"content-length", b""))
        if length > LONGEST_ANSWER:
            return None
        await reader.readexactly(length)
        return (
            fields.get(b"server", b"?")[:LONGEST_NAME].decode(errors="replace")
            if b" 200 " in head.splitlines()[0]
            else None
        )

    async def one_request(self) -> None:
        """A new connection, one request."""
        started = time.monotonic()

        async def exchange() -> "str | None":
            reader, writer = await self.connect()
            try:
                return await self.ask(reader, writer)
            finally:
                writer.transport.abort()

        server = None
        with contextlib.suppress(
            OSError, asyncio.TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError
        ):
            server = await asyncio.wait_for(exchange(), self.patience)
        write_line("request", started, time.monotonic(), server)

    async def requests(self) -> None:
        """Start one request after the other, at distances that are equal give or take a quarter.

        A refused request makes HAProxy look closer in 0.25 s and 0.5 s: at equal distances, another one would come at that
        very moment each time, which no real client does.
        """
        due = time.monotonic()
        running = set()
        while True:
            task = asyncio.ensure_future(self.one_request())
            running.add(task)
            task.add_done_callback(running.discard)
            due += self.interval * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def idle(self) -> None:
        """Hold an idle connection; report when it is closed, and whether it answers when tested."""
        while True:
            try:
                reader, writer = await asyncio.wait_for(self.connect(), self.patience)
            except (OSError, asyncio.TimeoutError):
                await asyncio.sleep(0.1)
                continue
            write_line("idle", time.monotonic(), "open")
            await self.hold(reader, writer)
            writer.transport.abort()

    async def hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Keep the connection until it is closed or does not answer."""
        while True:
            self.wish.clear()
            closed = asyncio.ensure_future(reader.read(1))
            wished = asyncio.ensure_future(self.wish.wait())
            await asyncio.wait({closed, wished}, return_when=asyncio.FIRST_COMPLETED)
            wished.cancel()
            if closed.done():
                closed.exception()
                write_line("idle", time.monotonic(), "closed")
                return
            closed.cancel()
            await asyncio.gather(closed, return_exceptions=True)
            try:
                await asyncio.wait_for(self.ask(reader, writer), self.patience)
                write_line("idle", time.monotonic(), "answered")
            except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
                write_line("idle", time.monotonic(), "dead")
                return

    async def run(self) -> None:
        """Run until standard input closes."""
        loop = asyncio.get_running_loop()
        lines = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        self.tasks = [asyncio.ensure_future(self.requests()), asyncio.ensure_future(self.idle())]
        while await lines.readline():
            self.wish.set()
        # Open connections end with the process; asyncio would warn about each of them.
        os._exit(0)


if __name__ == "__main__":
    asyncio.run(Client(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])).run())
