"""The keys of stored responses: everything that a public response depends on besides the database."""

import hashlib
import re
from functools import cache, lru_cache
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

LONGEST = 1000  # characters
_PORTS = {"http": "80", "https": "443"}
# Of a decoded path: what has a meaning in an address, and would make two addresses one.
_NOT_IN_KEYS = re.compile(r"[\x00-\x20\x7f?#%]")
SUFFIXES = {".py", ".html", ".mo", ".txt", ".json"}  # of files that responses are made from
# Settings that no response depends on, some of which nobody should be able to try out with a digest, or that differ
# from process to process.
_PRIVATE = re.compile(
    r"SECRET|PASSWORD|TOKEN|SENTRY|OTEL|WORKERS|^(BACKUP|CELERY|DATABASE|CACHES|ENVIRONMENT$|REPLICA|STORAGES|TASKS|EMAIL|LOG|AXES|SESSION|CSRF|SCHEDULER|DIGEST|UPLOAD|DATA_UPLOAD"
    r"|TRANSCRIPT|STORED|SIGN|PURGE|MEDIA_ROOT|STATIC_ROOT|VAR_DIR|DEFAULT_FROM|PREVIEW)"
)


class Address(NamedTuple):
    """Where a response is: `scheme` of the request, `origin` of the site's absolute URLs, decoded path, and query."""

    scheme: str
    origin: str
    path: str
    query: str

    @property
    def key(self):
        return f"{release()} {self.scheme} {self.origin}{self.path}{f'?{self.query}' if self.query else ''}"


def address_of(environ):
    """Return the `Address` of a WSGI environment as it was asked for, or None if its responses aren't stored."""
    try:
        path = environ["PATH_INFO"].encode("latin-1").decode()
    except UnicodeError:  # Django has decoded it in place, or it is no UTF-8
        return None
    query = environ.get("QUERY_STRING", "")
    if len(path) + len(query) > LONGEST or _NOT_IN_KEYS.search(path) or not query.isascii():
        return None
    scheme = environ["wsgi.url_scheme"]
    if proxy := settings.SECURE_PROXY_SSL_HEADER:
        value = environ.get(proxy[0], "").partition(",")[0].strip()
        scheme = "https" if value == proxy[1] else "http" if value else scheme
    port = environ.get("SERVER_PORT", "")
    origin = _origin(scheme, environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{port}", port)
    return origin and Address(scheme, origin, path, query)


def address_in(key):
    """Return the `Address` in a key; raises ValueError if there is none."""
    _, scheme, rest = key.split(" ")
    site, mark, after = rest.partition("://")
    host, slash, after = after.partition("/")
    path, _, query = after.partition("?")
    if not (host and slash):
        raise ValueError(key)
    return Address(scheme, f"{site}{mark}{host}", f"{slash}{path}", query)


def canonical_query(given, parameters):
    """Return the query of those of `given` (a QueryDict) that a page has as `parameters`, in their order."""
    return urlencode([(name, given[name]) for name in parameters if name in given], safe="/")


def environ_of(address):
    """Return the WSGI environment of an anonymous GET of `address`, with nothing of any client in it."""
    origin = urlsplit(address.origin)
    host = origin.netloc
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        host = settings.ALLOWED_HOSTS[0].lstrip(".")  # absolute URLs begin with SITE_URL, whatever the host
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": address.path.encode().decode("latin-1"),
        "QUERY_STRING": address.query,
        "HTTP_HOST": host,
        "SERVER_NAME": origin.hostname or "",
        "SERVER_PORT": str(origin.port or _PORTS[address.scheme]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": address.scheme,
    }
    if proxy := settings.SECURE_PROXY_SSL_HEADER:
        environ[proxy[0]] = proxy[1] if address.scheme == "https" else "http"
    return environ


def path_of(address):
    """Return path and query as a client would send them."""
    return quote(address.path) + (f"?{address.query}" if address.query else "")


@lru_cache(1000)
def _origin(scheme, host, port):
    """Return the origin that `articles.views.http.origin` gives such a request, None if it isn't allowed or unbounded.

    Without SITE_URL the number of origins must be limited: hosts count that are listed literally.
    """
    domain, given_port = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return None
    if settings.SITE_URL:
        return settings.SITE_URL
    if domain not in settings.ALLOWED_HOSTS:
        return None
    is_ours = given_port and given_port == port != _PORTS[scheme] and not settings.SECURE_PROXY_SSL_HEADER
    return f"{scheme}://{domain}{f':{port}' if is_ours else ''}"


@cache
def release():
    """Return a digest of all that responses depend on and no database has: code, templates, settings and packages."""
    digest, project = hashlib.sha256(), settings.BASE_DIR
    for folder in ("articles", "ketamine_site", "templates"):
        for path in sorted((project / folder).rglob("*")):
            if path.suffix in SUFFIXES:
                digest.update(f"{path.relative_to(project)}\n".encode() + path.read_bytes())
    manifest = Path(settings.STATIC_ROOT or "", "staticfiles.json")
    digest.update(manifest.read_bytes() if manifest.is_file() else b"")
    for name in sorted(dir(settings)):
        value = _text_of(getattr(settings, name)) if name.isupper() and not _PRIVATE.search(name) else ""
        if " at 0x" not in value:
            digest.update(f"{name}={value}\n".encode())
    packages = {f"{package.metadata['Name']} {package.version}" for package in distributions()}
    digest.update("\n".join(sorted(packages)).encode())
    return digest.hexdigest()[:12]


def _text_of(value):
    """Return a setting as text that is the same in every process: each has another order of sets."""
    return repr(sorted(value, key=repr)) if isinstance(value, (set, frozenset)) else repr(value)


def forget():
    """Compute everything again that depends on settings, for tests that change them."""
    release.cache_clear()
    _origin.cache_clear()
