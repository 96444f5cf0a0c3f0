"""Tells whether a Content-Security-Policy lets a page load a URL (W3C Content Security Policy Level 3, section 6.7.2)."""

from collections.abc import Mapping, Sequence
from urllib.parse import SplitResult, urlsplit

_PORTS = {"http": 80, "https": 443}


def permits(policy: Mapping[str, Sequence[str]], directive: str, url: str, page: str) -> bool:
    """Return whether `policy` (directive → sources) lets a page at the origin `page` load `url`.

    A page sent over https loads nothing over http, whatever its policy says (mixed content).
    """
    try:
        wanted, own = urlsplit(url), urlsplit(page)
        _port(wanted)
    except ValueError:
        return False
    if own.scheme == "https" and wanted.scheme == "http":
        return False
    sources = policy.get(directive, policy.get("default-src"))
    return sources is None or any(_matches(source, wanted, own) for source in sources)


def _matches(source: str, url: SplitResult, page: SplitResult) -> bool:
    source = source.lower()
    if source == "'self'":
        return url.hostname == page.hostname and _is_scheme(page.scheme, url) and _is_port(_port(page), url)
    if source.startswith("'"):
        return False
    if source == "*":
        return url.scheme in _PORTS
    if source.endswith(":"):
        return _is_scheme(source[:-1], url)
    allowed = urlsplit(source if "://" in source else f"{page.scheme}://{source}")
    has_any_port = allowed.netloc.endswith(":*")
    allowed = allowed._replace(netloc=allowed.netloc.removesuffix(":*"))
    host, wanted = allowed.hostname or "", url.hostname or ""
    is_host = wanted.endswith(host[1:]) if host.startswith("*.") else wanted == host
    is_path = allowed.path in ("", "/", url.path) or (allowed.path.endswith("/") and url.path.startswith(allowed.path))
    return is_host and is_path and _is_scheme(allowed.scheme, url) and (has_any_port or _is_port(_port(allowed), url))


def _is_scheme(allowed: str, url: SplitResult) -> bool:
    return url.scheme == allowed or (allowed == "http" and url.scheme == "https")


def _is_port(allowed: int | None, url: SplitResult) -> bool:
    return _port(url) == allowed or (allowed == _PORTS["http"] and _port(url) == _PORTS["https"])


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)
