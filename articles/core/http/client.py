"""Requests one URL and follows its redirects."""

import http.client
import ssl
import time
import zlib
from contextlib import suppress
from urllib.parse import quote, urljoin, urlsplit

from articles.core.language.messages import lazy_message, message_of

from .connections import Connection, Limits
from .response import body_of
from .ssrf_guard import Network, addresses_of, checked, public_network
from .types import Fetched, FetchError, Refused, display_address

MAX_REDIRECTS = 5
WIRE_EXTRA = 1024 * 1024  # bytes allowed for headers and framing
USER_AGENT = "cited-articles/1 (imports feeds, chapters, transcripts and images)"


def fetch(
    url: str,
    *,
    max_bytes: int,
    timeout_seconds: float,
    accept: str = "*/*",
    network: Network | None = None,
) -> Fetched:
    """Return the resource at an http(s) URL, following at most five redirects. Raises FetchError, nothing else.

    `max_bytes` limits both the bytes sent and the decompressed body; with 0 the body isn't read, which only tells that
    the resource exists. `timeout_seconds` covers everything from name resolution to the last byte, including redirects.
    Proxies set in the environment are ignored, and no cookies or passwords are sent. Redirects from https to http are
    refused.
    """
    deadline = time.monotonic() + timeout_seconds
    network = network or public_network()
    here = first = url.split("#")[0]
    insecure = ""
    try:
        for _ in range(MAX_REDIRECTS + 1):
            response = _request(here, max_bytes, deadline, accept, network)
            if isinstance(response, Fetched):
                return response
            if urlsplit(here).scheme == "https" and urlsplit(response).scheme == "http":
                insecure = response
                there = display_address(response)
                raise Refused(lazy_message("it redirects from https to http (%(address)s)", address=there))
            here = response
        raise Refused(lazy_message("it redirects more than %(most)s times", most=MAX_REDIRECTS))
    except Refused as refusal:
        reason = message_of(refusal)
    except TimeoutError:
        reason = lazy_message("it took longer than %(seconds)s s", seconds=f"{timeout_seconds:g}")
    except ssl.SSLCertVerificationError as error:
        reason = lazy_message("its certificate isn’t valid (%(reason)s)", reason=error.verify_message)
    except UnicodeError:
        reason = lazy_message("it isn’t a valid address: part of its host name is empty or too long")
    except zlib.error:
        reason = lazy_message("it can’t be decompressed (the gzip data is damaged)")
    except (OSError, http.client.HTTPException, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        reason = lazy_message("the connection failed (%(reason)s)", reason=display_address(detail))
    if here != first:
        reason = lazy_message("%(reason)s (redirected to %(address)s)", reason=reason, address=display_address(here))
    message = lazy_message("%(address)s could not be fetched: %(reason)s.", address=display_address(url), reason=reason)
    raise FetchError(message, insecure)


def _request(url: str, max_bytes: int, deadline: float, accept: str, network: Network) -> Fetched | str:
    """Request one URL; return the resource, or the URL it redirects to."""
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
            return _redirect_target(url, response.getheader("Location"))
        if response.status != http.client.OK:
            answer = f"{response.status} {display_address(response.reason)}".rstrip()
            raise Refused(lazy_message("the server answered %(answer)s", answer=answer))
        data = body_of(response, max_bytes, deadline) if max_bytes else b""
        return Fetched(url, data, response.headers.get_content_charset(""))
    finally:
        connection.hang_up()


def _redirect_target(url: str, location: str | None) -> str:
    if not location:
        raise Refused(lazy_message("it redirects without saying where"))
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")  # http.client decodes every header as Latin-1
    try:
        return urljoin(url, location.strip().replace(" ", "%20")).split("#")[0]
    except ValueError as error:
        there = display_address(location)
        raise Refused(
            lazy_message("it redirects to %(address)s, which isn’t a valid address", address=there)
        ) from error
