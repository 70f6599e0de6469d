"""Opens many TLS connections at once, holds them, and counts those that stay open.

A program of its own, which runs in a machine of the lab: nothing but the standard library.
Arguments: host, port, how many, seconds to hold them. Writes one line: how many could not be opened, and how many were
closed by the other side.
"""

import asyncio
import contextlib
import resource
import ssl
import sys

OPEN_AT_ONCE = 100  # handshakes under way: both sides share this machine's processors
PATIENCE = 30  # seconds for a connection to be opened


async def run(host: str, port: int, count: int, seconds: float) -> None:
    """Open, hold, count."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    slots = asyncio.Semaphore(OPEN_AT_ONCE)
    held = []

    async def open_one() -> None:
        async with slots:
            with contextlib.suppress(OSError, asyncio.TimeoutError):
                held.append(await asyncio.wait_for(asyncio.open_connection(host, port, ssl=context), PATIENCE))

    await asyncio.gather(*(open_one() for _ in range(count)))
    await asyncio.sleep(seconds)
    closed = sum(reader.at_eof() or reader.exception() is not None for reader, _ in held)
    print(count - len(held), closed, flush=True)  # noqa: T201
    for _, writer in held:
        writer.transport.abort()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
