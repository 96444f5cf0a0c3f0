"""Connections to addresses that were checked, with an end to their time and to their bytes."""

import http.client
import io
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .types import Refused, seconds_left


@dataclass
class Limits:
    """Until when a connection may last, and how many bytes may still come over it, headers and framing included."""

    deadline: float
    bytes_left: int


class Connection(http.client.HTTPConnection):
    """A connection to addresses that were checked, in the host's name; every step of it ends at the deadline."""

    def __init__(
        self, host: str, port: int, addresses: Sequence[str], tls: ssl.SSLContext | None, limits: Limits
    ) -> None:
        # In brackets, as http.client takes the end of a bare IPv6 address for a port.
        super().__init__(f"[{host}]" if ":" in host else host, port)
        self.default_port = http.client.HTTPS_PORT if tls else http.client.HTTP_PORT
        self._addresses = addresses
        self._tls = tls
        self._limits = limits
        self._plain: socket.socket | None = None

    def connect(self) -> None:
        self._plain = self._connected()
        if self._tls is not None:
            secure = self._tls.wrap_socket(self._plain, server_hostname=self.host, do_handshake_on_connect=False)
            self._plain = secure
            secure.settimeout(seconds_left(self._limits.deadline))
            secure.do_handshake()
        self.sock = _Timed(self._plain, self._limits)

    def hang_up(self) -> None:
        self.close()
        if self._plain is not None:
            self._plain.close()

    def _connected(self) -> socket.socket:
        """A socket to the first address that answers; each gets its share of the time that is left."""
        for number, address in enumerate(self._addresses, 1):
            share = seconds_left(self._limits.deadline) / (len(self._addresses) - number + 1)
            try:
                return socket.create_connection((address, self.port), timeout=share)
            except OSError:
                if number == len(self._addresses):
                    raise
        raise OSError("no address")


class _Timed:
    """As much of a socket as http.client uses; no call outlasts the deadline."""

    def __init__(self, plain: socket.socket, limits: Limits) -> None:
        self._socket = plain
        self._limits = limits

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(seconds_left(self._limits.deadline))
        self._socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._socket, self._limits))

    def close(self) -> None:
        """Nothing yet: http.client closes before the body is read; `hang_up` does it for good."""


class _TimedReader(io.RawIOBase):
    """Reads a socket: a slow drip gets no more time than one large piece, and no framing hides endless bytes."""

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
            raise Refused("it does not end")
        return count
