"""Reads the bodies of requests into memory: no longer than allowed, not too slowly, and not too many at once."""

import asyncio
import io

from django.utils.translation import gettext

from . import limits


class Refused(Exception):
    """A request that is answered with `status` and `message` (text for people) instead of being handled."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


class Budget:
    """Bytes of memory that bodies may take at the same time."""

    def __init__(self, capacity):
        self.left = capacity

    def take(self, size):
        """Reserve `size` bytes until they are given back. Raises Refused if too few are left."""
        if size > self.left:
            raise Refused(503, gettext("The site is receiving too much at the moment. Try again in a minute."))
        self.left -= size

    def give_back(self, size):
        self.left += size


async def read(receive, length):
    """Return the body of `length` bytes as a file. Raises Refused if it arrives too slowly or ends early."""
    loop = asyncio.get_running_loop()
    body, end = io.BytesIO(), loop.time() + limits.BODY_SECONDS
    try:
        async with asyncio.timeout_at(end) as timeout:
            while body.tell() < length:
                message = await receive()
                if message["type"] != "http.request" or not (message["body"] or message["more_body"]):
                    raise Refused(400, gettext("The request ended before all of it had arrived. Send it again."))
                body.write(message["body"])
                timeout.reschedule(end + body.tell() / limits.BODY_BYTES_PER_SECOND)
    except TimeoutError:
        raise Refused(
            408, gettext("The request arrived too slowly. Check the connection, and send it again.")
        ) from None
    body.seek(0)
    return body


async def discard(receive):
    """Read what the client still sends, for a moment: if its connection were closed, it wouldn't read the answer."""
    try:
        async with asyncio.timeout(limits.REFUSAL_SECONDS):
            while (await receive()).get("more_body"):
                pass
    except TimeoutError:
        pass
