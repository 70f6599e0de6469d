"""A stand-in for kube-apiserver: answers any TLS request with 200 and its own name, as /readyz and /livez do.

A program of its own, which runs in a machine of the lab from its source: nothing but the standard library.
Arguments: its name, the port, a PEM file with certificate and key.
"""

import asyncio
import ssl
import sys


async def serve(name: str, port: int, certificate: str) -> None:
    """Answer until killed."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    body = name.encode()
    response = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(response)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, ["0.0.0.0", "::"], port, ssl=context, backlog=1024)  # noqa: S104
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
