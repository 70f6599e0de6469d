"""A stand-in for kube-apiserver: answers any TLS request as /readyz and /livez do, with 200 and `ok`, and its own name as Server.

While /run/unready exists, /readyz is answered with 500 and the list of what is not ready. Clients may be hostile:
connections, handshakes, requests and idle times have limits.

A program of its own, which runs in a machine of the lab: nothing but the standard library.
Arguments: its name, the port, a PEM file with certificate and key.
"""

import asyncio
import os
import resource
import ssl
import sys

# The scenario many-connections opens 4,000, and a pair may have a single API server.
MOST_CONNECTIONS = 5000
HANDSHAKE_SECONDS = 10.0
# Longer than the idle time of the scenario idle-connection.
SILENCE_SECONDS = 300.0
ANSWER_SECONDS = 10.0
LONGEST_REQUEST = 8192  # bytes


async def serve(name: str, port: int, certificate: str) -> None:
    """Answer until killed."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    # A descriptor each, whatever its state; accepting pauses while there is none.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # Its messages about clients would fill the log.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)

    def answering(status: str, body: str) -> bytes:
        return f"HTTP/1.1 {status}\r\nServer: {name}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()

    ready = answering("200 OK", "ok")
    unready = answering("500 Internal Server Error", "[-]etcd failed: reason withheld\nreadyz check failed\n")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), SILENCE_SECONDS):
                writer.write(unready if asked.startswith(b"GET /readyz ") and os.path.exists("/run/unready") else ready)  # noqa: PTH110 - of no import more than needed
                await asyncio.wait_for(writer.drain(), ANSWER_SECONDS)
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
        except (asyncio.TimeoutError, asyncio.LimitOverrunError):
            writer.transport.abort()

    server = await asyncio.start_server(
        answer,
        ["0.0.0.0", "::"],  # noqa: S104
        port,
        ssl=context,
        backlog=1024,
        limit=LONGEST_REQUEST,
        ssl_handshake_timeout=HANDSHAKE_SECONDS,
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
