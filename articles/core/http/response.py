"""Reads what a server sends, packed or not, up to a limit."""

import http.client
import zlib
from email.message import Message

from .types import Refused, display_address, seconds_left

CHUNK = 64 * 1024


def content_type_of(headers: Message) -> str:
    return str(headers.get("Content-Type") or "").split(";")[0].strip().lower()[:100]


def body_of(response: http.client.HTTPResponse, max_bytes: int, deadline: float) -> bytes:
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise Refused(f"it is packed as “{display_address(coding)}”, which was not asked for")
    too_large = f"it is larger than {max_bytes:,} bytes".replace(",", " ")
    if response.length is not None and response.length > max_bytes:
        raise Refused(too_large)
    unpack = _Unpacked(deadline) if coding != "identity" else None
    data = bytearray()
    received = 0
    while chunk := response.read(CHUNK):
        received += len(chunk)
        data += unpack.feed(chunk, max_bytes - len(data) + 1) if unpack else chunk
        if received > max_bytes or len(data) > max_bytes:
            raise Refused(too_large)
    if response.length or (unpack and not unpack.is_whole):
        raise Refused("it breaks off in the middle")
    return bytes(data)


class _Unpacked:
    """Unpacks gzip (RFC 1952) piece by piece, never further than there is room."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._member = zlib.decompressobj(31)

    @property
    def is_whole(self) -> bool:
        return self._member.eof

    def feed(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        while data and len(out) < room:
            seconds_left(self._deadline)
            if self._member.eof:
                self._member = zlib.decompressobj(31)
            out += self._member.decompress(data, room - len(out))
            data = self._member.unconsumed_tail or self._member.unused_data
        return bytes(out)
