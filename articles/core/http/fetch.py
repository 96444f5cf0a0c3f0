"""Asks for one address, and follows where it leads."""

import http.client
import ssl
import time
import zlib
from contextlib import suppress
from urllib.parse import quote, urljoin, urlsplit

from .connections import Connection, Limits
from .response import body_of, content_type_of
from .ssrf_guard import Network, addresses_of, checked, public_network
from .types import Fetched, FetchError, Refused, display_address

MAX_REDIRECTS = 5
WIRE_EXTRA = 1024 * 1024  # bytes that headers may take beside the body
USER_AGENT = "cited-articles/1 (imports feeds, chapters and transcripts)"


def fetch(
    url: str,
    *,
    max_bytes: int,
    timeout_seconds: float,
    accept: str = "*/*",
    network: Network | None = None,
) -> Fetched:
    """Return what stands at an http(s) address, following at most five redirects. Raises FetchError, nothing else.

    `max_bytes` limits both what is sent and what it becomes when it is unpacked; `timeout_seconds` is the time for
    everything together: names, connections, redirects, the last byte. No proxy of the environment is used, no cookie
    and no password is sent; from https a redirect may not lead back to http.
    """
    deadline = time.monotonic() + timeout_seconds
    network = network or public_network()
    here = first = url.split("#")[0]
    try:
        for _ in range(MAX_REDIRECTS + 1):
            found = _request(here, max_bytes, deadline, accept, network)
            if isinstance(found, Fetched):
                return found
            if urlsplit(here).scheme == "https" and urlsplit(found).scheme == "http":
                raise Refused(f"it leads from https back to http ({display_address(found)})")
            here = found
        raise Refused(f"it leads on more than {MAX_REDIRECTS} times")
    except Refused as refusal:
        reason = str(refusal)
    except TimeoutError:
        reason = f"it took longer than {timeout_seconds:g} s"
    except ssl.SSLCertVerificationError as error:
        reason = f"its certificate is not valid ({error.verify_message})"
    except UnicodeError:
        reason = "it is no address: a name in it is empty or too long"
    except zlib.error:
        reason = "it cannot be unpacked (its gzip is broken)"
    except (OSError, http.client.HTTPException, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error) or type(error).__name__
        reason = f"the connection failed ({display_address(what)})"
    on_the_way = "" if here == first else f" (on the way, at {display_address(here)})"
    raise FetchError(f"{display_address(url)} was not fetched: {reason}{on_the_way}.")


def _request(url: str, max_bytes: int, deadline: float, accept: str, network: Network) -> Fetched | str:
    """Ask for one address: what stands there, or the address that it leads to."""
    parts, host, port = checked(url, network)
    tls = network.tls if parts.scheme == "https" else None
    addresses = addresses_of(host, port, deadline, network)
    connection = Connection(host, port, addresses, tls, Limits(deadline, 2 * max_bytes + WIRE_EXTRA))
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]") if parts.query else ""
    )
    headers = {"User-Agent": USER_AGENT, "Accept": accept, "Accept-Encoding": "gzip", "Connection": "close"}
    try:
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        if response.status in (301, 302, 303, 307, 308):
            return _next(url, response.getheader("Location"))
        if response.status != http.client.OK:
            raise Refused(f"the server answers {response.status} {display_address(response.reason)}".rstrip())
        return Fetched(url, content_type_of(response.headers), body_of(response, max_bytes, deadline))
    finally:
        connection.hang_up()


def _next(url: str, location: str | None) -> str:
    if not location:
        raise Refused("it leads on, and does not say where")
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")  # http.client reads every header as Latin-1
    try:
        return urljoin(url, location.strip().replace(" ", "%20")).split("#")[0]
    except ValueError as error:
        raise Refused(f"it leads to {display_address(location)}, which is no address") from error
