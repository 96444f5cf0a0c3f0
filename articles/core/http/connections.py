"""Connections to addresses that were already checked, limited in time and bytes."""

import http.client
import io
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from articles.core.language.messages import lazy_message

from .types import Refused, seconds_left


@dataclass
class Limits:
    """What remains of a connection: `deadline` in `time.monotonic()` seconds, and the bytes that may still arrive.

    The bytes include headers and framing.
    """

    deadline: float
    bytes_left: int


class Connection(http.client.HTTPConnection):
    """An HTTP connection to checked addresses under the host's name; every step respects the deadline."""

    def __init__(
        self, host: str, port: int, addresses: Sequence[str], tls: ssl.SSLContext | None, limits: Limits
    ) -> None:
        # Without brackets, http.client would read the end of an IPv6 address as a port.
        super().__init__(f"[{host}]" if ":" in host else host, port)
        self.default_port = http.client.HTTPS_PORT if tls else http.client.HTTP_PORT
        self._addresses = addresses
        self._tls = tls
        self._limits = limits
        self._plain: socket.socket | None = None

    def connect(self) -> None:
        self._plain = self._open_socket()
        if self._tls is not None:
            secure = self._tls.wrap_socket(self._plain, server_hostname=self.host, do_handshake_on_connect=False)
            self._plain = secure
            secure.settimeout(seconds_left(self._limits.deadline))
            secure.do_handshake()
        self.sock = _LimitedSocket(self._plain, self._limits)

    def hang_up(self) -> None:
        self.close()
        if self._plain is not None:
            self._plain.close()

    def _open_socket(self) -> socket.socket:
        """Connect to the first address that answers; each gets an equal share of the remaining time."""
        for number, address in enumerate(self._addresses, 1):
            share = seconds_left(self._limits.deadline) / (len(self._addresses) - number + 1)
            try:
                return socket.create_connection((address, self.port), timeout=share)
            except OSError:
                if number == len(self._addresses):
                    raise
        raise OSError("no address")


class _LimitedSocket:
    """The part of a socket that http.client uses; no call outlasts the deadline."""

    def __init__(self, plain: socket.socket, limits: Limits) -> None:
        self._socket = plain
        self._limits = limits

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(seconds_left(self._limits.deadline))
        self._socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_LimitedReader(self._socket, self._limits))

    def close(self) -> None:
        """Do nothing: http.client closes the socket before the body is read. `hang_up` really closes it."""


class _LimitedReader(io.RawIOBase):
    """Reads a socket within the limits, however slowly the bytes arrive and whatever framing they use."""

    def __init__(self, plain: socket.socket, limits: Limits) -> None:
        super().__init__()
        self._socket = plain
        self._limits = limits

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(seconds_left(self._limits.deadline))
        count = self._socket.recv_into(buffer)
        self._limits.bytes_left -= count
        if self._limits.bytes_left < 0:
            raise Refused(lazy_message("it doesn’t end"))
        return count
