"""Decides which addresses may be reached: those on the public internet, on web ports."""

import functools
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from articles.core.language.messages import lazy_message

from .types import Refused, display_address, seconds_left

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

ADDRESS_LIMIT = 2_000  # characters
# The standard web ports and others on which feeds are served. The rest belong to mail, databases and the like, which
# nobody may contact through us, not even on public hosts.
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
# Inside it: protocol assignments (Teredo, ORCHID), documentation, 6to4. Everything outside it is refused anyway:
# IPv4 in IPv6 (::/96, ::ffff:0:0/96), NAT64 (64:ff9b::/96, 64:ff9b:1::/48), fc00::/7, fe80::/10, ff00::/8.
_PRIVATE_V6 = [ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\]")


def is_public(address: Address) -> bool:
    """Return whether an address is on the public internet (IANA special-purpose registries, RFC 6890)."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _PRIVATE_V4)
    if address.scope_id is not None or address not in _GLOBAL_V6:
        return False
    return not any(address in network for network in _PRIVATE_V6)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses the system resolves a host name to.

    Raises OSError, or UnicodeError if it isn't a valid name.
    """
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


@dataclass(frozen=True)
class Network:
    """What may be reached, and how. Only tests use one other than the public one, for their servers on 127.0.0.1."""

    is_allowed: Callable[[Address], bool] = is_public
    ports: frozenset[int] | None = PORTS
    resolve: Callable[[str, int], Sequence[str]] = resolve
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


@functools.cache
def public_network() -> Network:
    """Return the public internet; cached because loading the system's certificates is slow."""
    return Network()


def checked(url: str, network: Network) -> tuple[SplitResult, str, int]:
    """Return the parts of a URL, its host as DNS writes it, and its port. Raises Refused if it isn't allowed."""
    if len(url) > ADDRESS_LIMIT:
        raise Refused(lazy_message("the address has more than %(most)s characters", most=ADDRESS_LIMIT))
    if _UNSAFE.search(url):
        raise Refused(lazy_message("the address contains spaces, backslashes or control characters"))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(lazy_message("it isn’t a valid address")) from error
    if parts.scheme not in ("http", "https"):
        raise Refused(lazy_message("it doesn’t start with http:// or https://"))
    if not parts.hostname:
        raise Refused(lazy_message("the address has no host name"))
    if "@" in parts.netloc:
        raise Refused(lazy_message("the address contains a user name or password"))
    if port is None:
        port = 443 if parts.scheme == "https" else 80
    if network.ports is not None and port not in network.ports:
        allowed = ", ".join(map(str, sorted(network.ports)))
        raise Refused(lazy_message("port %(port)s isn’t one of %(allowed)s", port=port, allowed=allowed))
    host = parts.hostname
    return parts, host if host.isascii() else host.encode("idna").decode("ascii"), port


def addresses_of(host: str, port: int, deadline: float, network: Network) -> list[str]:
    """Return the addresses of a host. Raises Refused if it has none or any of them isn't allowed."""
    addresses = list(_resolve_in_time(host, port, deadline, network.resolve))
    if not addresses:
        raise Refused(lazy_message("the host name %(host)s has no addresses", host=display_address(host)))
    for address in addresses:
        if not network.is_allowed(ipaddress.ip_address(address)):
            raise Refused(
                lazy_message(
                    "%(host)s resolves to %(address)s, which isn’t on the public internet",
                    host=display_address(host),
                    address=address,
                )
            )
    return addresses


def _resolve_in_time(
    host: str, port: int, deadline: float, resolve: Callable[[str, int], Sequence[str]]
) -> Sequence[str]:
    """Call `resolve` in a thread, because the system's resolver has no time limit of its own."""
    answer: Future[Sequence[str]] = Future()

    def ask() -> None:
        try:
            answer.set_result(resolve(host, port))
        except Exception as error:
            answer.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answer.result(timeout=seconds_left(deadline))
    except socket.gaierror as error:
        raise Refused(lazy_message("the host name %(host)s could not be found", host=display_address(host))) from error
