"""DNS names, with a time limit: the system's resolver may take half a minute, and cannot be interrupted."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from ipaddress import ip_address
from threading import Thread

_asked: dict[tuple[asyncio.AbstractEventLoop, str], asyncio.Future[tuple[str, ...]]] = {}


async def addresses_of(host: str, timeout: float) -> tuple[str, ...]:
    """The addresses of a name, in the order to try; an address stays as it is.

    Raises:
        socket.gaierror: it has none, or the resolver did not answer in time.
        UnicodeError: it is not a possible name.
    """
    with suppress(ValueError):
        ip_address(host)
        return (host,)
    loop = asyncio.get_running_loop()
    # A watch asks five times a second: further calls wait for the pending answer.
    answer = _asked.get((loop, host))
    if answer is None:
        answer = _asked[loop, host] = loop.create_future()
        answer.add_done_callback(_forget)
        # Not asyncio's own threads: the program would wait for them at exit.
        Thread(target=_ask, args=(host, loop, answer), daemon=True).start()
    try:
        return await asyncio.wait_for(asyncio.shield(answer), timeout)
    except asyncio.TimeoutError:
        raise socket.gaierror(socket.EAI_AGAIN, "the resolver did not answer") from None


def _forget(answer: asyncio.Future[tuple[str, ...]]) -> None:
    for key in [key for key, asked in _asked.items() if asked is answer]:
        del _asked[key]
    if not answer.cancelled():
        answer.exception()  # mark the error as seen


def _ask(host: str, loop: asyncio.AbstractEventLoop, answer: asyncio.Future[tuple[str, ...]]) -> None:
    def finish(found: tuple[str, ...] | Exception) -> None:
        if isinstance(found, Exception):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    found: tuple[str, ...] | Exception
    try:
        infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        found = tuple(dict.fromkeys(str(info[4][0]) for info in infos))
    except (OSError, UnicodeError) as error:
        found = error
    with suppress(RuntimeError):  # no call waits any more
        loop.call_soon_threadsafe(finish, found)
