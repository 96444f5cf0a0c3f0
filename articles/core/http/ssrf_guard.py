"""Which addresses may be reached: those of the public internet, on the ports of the web."""

import functools
import ipaddress
import queue
import re
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from .types import Refused, display_address, seconds_left

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

ADDRESS_LIMIT = 2_000  # characters
# The web's own ports, and those on which feeds are served beside them. Others belong to mail, databases and the like,
# which are not to be spoken to in our name, also not on public machines.
PORTS = frozenset({80, 443, 8000, 8080, 8443})

_PRIVATE_V4 = [
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
# Within it: protocol assignments (Teredo, ORCHID), documentation, 6to4. What lies outside is refused anyway:
# IPv4 in IPv6 (::/96, ::ffff:0:0/96), NAT64 (64:ff9b::/96, 64:ff9b:1::/48), fc00::/7, fe80::/10, ff00::/8.
_PRIVATE_V6 = [ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\]")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet (IANA special-purpose registries, RFC 6890)."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _PRIVATE_V4)
    if address.scope_id is not None or address not in _GLOBAL_V6:
        return False
    return not any(address in network for network in _PRIVATE_V6)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that the system knows for a name. Raises OSError (UnicodeError for no name at all)."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Network:
    """What may be reached, and how. Only tests want another than the public one: their servers are on 127.0.0.1."""

    is_allowed: Callable[[Address], bool] = is_public
    ports: frozenset[int] | None = PORTS
    resolve: Callable[[str, int], Sequence[str]] = resolve
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


@functools.cache
def public_network() -> Network:
    """The public internet; made once, as reading the system's certificates takes its time."""
    return Network()


def checked(url: str, network: Network) -> tuple[SplitResult, str, int]:
    """The address taken apart, its host as DNS writes it, and its port."""
    if len(url) > ADDRESS_LIMIT:
        raise Refused(f"the address has more than {ADDRESS_LIMIT} characters")
    if _UNSAFE.search(url):
        raise Refused("the address has spaces, backslashes or control characters in it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("it is no address") from error
    if parts.scheme not in ("http", "https"):
        raise Refused("it does not begin with http:// or https://")
    if not parts.hostname:
        raise Refused("the address names no server")
    if "@" in parts.netloc:
        raise Refused("the address has a user name or password in it")
    if port is None:
        port = 443 if parts.scheme == "https" else 80
    if network.ports is not None and port not in network.ports:
        raise Refused(f"port {port} is none of {', '.join(map(str, sorted(network.ports)))}")
    host = parts.hostname
    return parts, host if host.isascii() else host.encode("idna").decode("ascii"), port


def addresses_of(host: str, port: int, deadline: float, network: Network) -> list[str]:
    """The addresses of a host, each of which may be reached."""
    found = list(_resolved(host, port, deadline, network.resolve))
    if not found:
        raise Refused(f"the name {display_address(host)} leads nowhere")
    for address in found:
        if not network.is_allowed(ipaddress.ip_address(address)):
            raise Refused(f"{display_address(host)} leads to {address}, which is no address of the public internet")
    return found


def _resolved(host: str, port: int, deadline: float, resolve: Callable[[str, int], Sequence[str]]) -> Sequence[str]:
    """What `resolve` finds in time: the system's own resolver knows no limit, so that it runs beside us."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds_left(deadline))
    except queue.Empty as error:
        raise TimeoutError from error
    if isinstance(answer, socket.gaierror):
        raise Refused(f"the name {display_address(host)} is not known") from answer
    if isinstance(answer, Exception):
        raise answer
    return answer
