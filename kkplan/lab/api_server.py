"""A stand-in for kube-apiserver: answers any TLS request as /readyz and /livez do, with 200 and `ok`, and its own name as Server.

While /run/unready is there, /readyz is answered with 500 and the list of what is not ready.

A program of its own, which runs in a machine of the lab from its source: nothing but the standard library.
Arguments: its name, the port, a PEM file with certificate and key.
"""

import asyncio
import os
import ssl
import sys


async def serve(name: str, port: int, certificate: str) -> None:
    """Answer until killed."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def answering(status: str, body: str) -> bytes:
        return f"HTTP/1.1 {status}\r\nServer: {name}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()

    ready = answering("200 OK", "ok")
    unready = answering("500 Internal Server Error", "[-]etcd failed: reason withheld\nreadyz check failed\n")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await reader.readuntil(b"\r\n\r\n"):
                writer.write(unready if asked.startswith(b"GET /readyz ") and os.path.exists("/run/unready") else ready)  # noqa: PTH110 - of no import more than needed
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, ["0.0.0.0", "::"], port, ssl=context, backlog=1024)  # noqa: S104
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
