"""Reads a response body, compressed or not, up to a limit."""

import http.client
import zlib

from articles.core.language.messages import lazy_message

from .types import Refused, display_address, seconds_left

CHUNK = 64 * 1024


def body_of(response: http.client.HTTPResponse, max_bytes: int, deadline: float) -> bytes:
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise Refused(
            lazy_message("it is compressed as “%(coding)s”, which isn’t supported", coding=display_address(coding))
        )
    too_large = lazy_message("it is larger than %(most)s bytes", most=f"{max_bytes:,}".replace(",", " "))
    if response.length is not None and response.length > max_bytes:
        raise Refused(too_large)
    decompressor = _Decompressor(deadline) if coding != "identity" else None
    data = bytearray()
    received = 0
    while chunk := response.read(CHUNK):
        received += len(chunk)
        data += decompressor.feed(chunk, max_bytes - len(data) + 1) if decompressor else chunk
        if received > max_bytes or len(data) > max_bytes:
            raise Refused(too_large)
    if response.length or (decompressor and not decompressor.is_complete):
        raise Refused(lazy_message("it ends before it is complete"))
    return bytes(data)


class _Decompressor:
    """Decompresses gzip (RFC 1952) piece by piece, and never more than the caller has room for."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._member = zlib.decompressobj(31)

    @property
    def is_complete(self) -> bool:
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
