"""Clients that are slow, broken or hostile, as raw connections; for the tests of the server and its benchmark."""

import asyncio
import contextlib
import re
import socket
import ssl
import struct
import time
from typing import NamedTuple

FORM = "/articles/ketamine/challenge/"


class Address(NamedTuple):
    """Where a client connects to: with TLS, whose certificate isn't checked, and from the address `source`, if given."""

    host: str
    port: int
    has_tls: bool = False
    source: str | None = None

    def options(self):
        """Return the options of `asyncio.open_connection`."""
        options = {"local_addr": (self.source, 0)} if self.source else {}
        return options | {"ssl": UNCHECKED} if self.has_tls else options


UNCHECKED = ssl.create_default_context()
UNCHECKED.check_hostname, UNCHECKED.verify_mode = False, ssl.CERT_NONE


class Raw:
    """A connection to the server at `address`, an `Address` or its first parts, on which anything can be sent.

    What the server sends is kept as it arrives: if the connection is reset later, it would be lost otherwise.
    """

    def __init__(self, address):
        self.address = address
        self.received = bytearray()

    async def __aenter__(self):
        self.reader, self.writer = await asyncio.open_connection(*self.address[:2], **Address(*self.address).options())
        self.receiving = asyncio.create_task(self._receive())
        return self

    async def __aexit__(self, *error):
        self.receiving.cancel()
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    async def _receive(self):
        with contextlib.suppress(OSError):
            while piece := await self.reader.read(65_536):
                self.received += piece

    async def send(self, *pieces, pause=0):
        """Send `pieces` with pauses (seconds) between them, until the server closes the connection."""
        with contextlib.suppress(OSError):
            for piece in pieces:
                self.writer.write(piece)
                await self.writer.drain()
                await asyncio.sleep(pause)
                if self.receiving.done():
                    return

    async def rest(self, seconds=30):
        """Return everything that the server still sends until it closes the connection."""
        await asyncio.wait([self.receiving], timeout=seconds)
        return bytes(self.received)


def head(method, path, *headers):
    """The first bytes of a request; without the empty line at its end."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, ""]).encode()


async def drips_header(address):
    """Send a header line each second, without end."""
    async with Raw(address) as raw:
        await raw.send(head("GET", "/"), *[b"X-Line: 1\r\n"] * 60, pause=1)
        return await raw.rest()


async def drips_body(address, path=FORM, length=60_000):
    """Send a body of `length` bytes, ten of them each second."""
    async with Raw(address) as raw:
        await raw.send(head("POST", path, f"Content-Length: {length}") + b"\r\n", *[b"0123456789"] * 60, pause=1)
        return await raw.rest()


async def stops_halfway(address):
    """Send half of a body, then nothing more."""
    async with Raw(address) as raw:
        await raw.send(head("POST", FORM, "Content-Length: 2000") + b"\r\n" + b"x" * 1000)
        return await raw.rest()


async def sends_chunks_without_end(address):
    """Send chunks until the server has enough."""
    async with Raw(address) as raw:
        chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
        await raw.send(head("POST", FORM, "Transfer-Encoding: chunked") + b"\r\n", *[chunk] * 100_000)
        return await raw.rest()


async def sends_too_much(address, length=120 * 1024 * 1024):
    """Announce `length` bytes and send them until the server has enough."""
    async with Raw(address) as raw:
        piece = b"x" * 65_536
        await raw.send(
            head("POST", FORM, f"Content-Length: {length}") + b"\r\n", *(piece for _ in range(length // len(piece)))
        )
        return await raw.rest()


async def resets(address):
    """Send half of a body, and reset the connection."""
    async with Raw(address) as raw:
        await raw.send(head("POST", FORM, "Content-Length: 2000") + b"\r\n" + b"x" * 1000)
        raw.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.writer.transport.abort()
    return b""


async def does_not_read(address, path, seconds=8):
    """Ask for a large file and read nothing of it for `seconds`."""
    async with Raw(address) as raw:
        raw.writer.transport.pause_reading()
        await raw.send(head("GET", path) + b"\r\n")
        await asyncio.sleep(seconds)
        raw.writer.transport.resume_reading()
        return await raw.rest()


async def stays_idle(address, seconds=30):
    """Connect and send nothing, for `seconds` or until the server closes the connection."""
    async with Raw(address) as raw:
        return await raw.rest(seconds)


async def keeps_alive(address, path, requests, pause):
    """Ask for `path` again and again on one connection, with `pause` seconds in between; returns the statuses."""
    statuses = []
    async with Raw(address) as raw:
        for _ in range(requests):
            already = len(raw.received)
            await raw.send(head("GET", path) + b"\r\n")
            while not _is_complete(raw.received[already:]) and not raw.receiving.done():
                await asyncio.sleep(0.01)
            statuses.append(raw.received[already:][9:12])
            await asyncio.sleep(pause)
    return b" ".join(statuses)


def _is_complete(answer):
    header, separator, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", header, re.IGNORECASE)
    return bool(separator) and length is not None and len(body) >= int(length[1])


async def uploads(address, path, cookie, name, data):
    """Upload the image `data` with the session in `cookie`, as the editor does; returns the answer."""
    boundary = b"----------------part"
    body = b"\r\n".join(
        [
            b"--" + boundary,
            f'Content-Disposition: form-data; name="image"; filename="{name}"'.encode(),
            b"Content-Type: image/png",
            b"",
            data,
            b"--" + boundary + b"--",
            b"",
        ]
    )
    scheme = "https" if Address(*address).has_tls else "http"
    headers = [
        f"Cookie: {cookie}; csrftoken={'t' * 32}",
        f"X-CSRFToken: {'t' * 32}",
        f"Origin: {scheme}://127.0.0.1",
        f"Content-Type: multipart/form-data; boundary={boundary.decode()}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    async with Raw(address) as raw:
        await raw.send(head("POST", path, *headers) + b"\r\n", body)
        return await raw.rest(120)


async def all_at_once(*clients):
    """Run clients at the same time; returns the pairs (what the server sent, seconds until it was over) in order."""

    async def timed(client):
        start = time.monotonic()
        return await client, time.monotonic() - start

    return await asyncio.gather(*map(timed, clients))
