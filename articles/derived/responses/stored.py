"""Complete responses to anonymous GETs, stored with the number at which what they show was last changed.

`find` is the whole work for most requests: one look-up by key, which also compares the numbers.
"""

import hashlib
import itertools
import re
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from gzip import compress as gzip_compress

import brotli
from django.conf import settings
from django.db import OperationalError, connection, connections, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from articles.core.http.negotiation import CODINGS
from articles.models import StoredResponse

from . import keys
from .rules import SITE

SMALLEST = 1024  # bytes; anything shorter fits into one packet anyway
LARGEST = 8 * 1024 * 1024  # bytes of a body that is stored
MOST_WITH_QUERY = 5000  # responses; anybody can think of addresses such as ?after=…, and they push out only each other
SAVES_BETWEEN = 50  # looking whether there is too much
SAVE_SECONDS = 0.1  # how long storing waits for another writer on SQLite; the response is sent anyway

_TEXT = re.compile(
    r"text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|image/svg\+xml\b|application/(?:javascript|x-bibtex)\b"
)
# Headers that depend on the coding or on the request; `Answer.headers_for` adds the first three.
_OF_REPRESENTATION = {"etag", "content-length", "content-encoding", "date", "connection", "x-request-id"}
_NOT_WITH_304 = ("Content-Type", "Content-Disposition", "Content-Length", "Content-Encoding", "Content-Language")

# Quality 5 takes a millisecond per page; 11 saves another sixth but takes ten to forty.
COMPRESS = {
    "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=5),
    "gzip": lambda body: gzip_compress(body, compresslevel=6, mtime=0),
}


def is_on():
    return settings.STORED_RESPONSES_BYTES > 0


@dataclass
class Answer:
    """A successful response that is the same for everybody: headers as (name, value), and `bodies` by coding ("" is none).

    A strong ETag names the bytes, so each coding has its own.
    """

    headers: list[tuple[str, str]]
    etag: str
    bodies: dict[str, bytes]

    @classmethod
    def of(cls, response, codings=CODINGS):
        """Return the answer with the content of a complete Django response, compressed with `codings` if it is text."""
        body, bodies = response.content, {}
        if _TEXT.match(response.headers.get("Content-Type", "")):
            patch_vary_headers(response, ["Accept-Encoding"])
            if len(body) >= SMALLEST:
                bodies = {coding: COMPRESS[coding](body) for coding in codings}
        headers = [(name, value) for name, value in response.items() if name.lower() not in _OF_REPRESENTATION]
        return cls(headers, hashlib.sha256(body).hexdigest()[:32], {"": body, **bodies})

    def etag_for(self, coding):
        return f'"{self.etag}-{coding}"' if coding else f'"{self.etag}"'

    def headers_for(self, coding, length):
        """Return all headers of the representation in a coding."""
        headers = [*self.headers, ("ETag", self.etag_for(coding)), ("Content-Length", str(length))]
        return [*headers, ("Content-Encoding", coding)] if coding else headers

    def headers_of_304(self, coding):
        headers = [(name, value) for name, value in self.headers if name not in _NOT_WITH_304]
        return [*headers, ("ETag", self.etag_for(coding))]


def headers_text(answer):
    """Return the headers as `StoredResponse.headers` has them; `find` reads them."""
    return "\n".join(f"{name}: {value}" for name, value in answer.headers)


def forms_of(answer):
    """Return the columns of `StoredResponse` for the bodies of a complete answer."""
    brotli, gzip = answer.bodies.get("br"), answer.bodies.get("gzip")
    return {"brotli": brotli, "gzip": gzip, "body": None if gzip else answer.bodies[""]}


def site_version(database="default"):
    """Return the number of the last change of anything public; read it before what is to be stored with it.

    Raises the database driver's own errors, as `find`.
    """
    connection = connections[database]
    connection.ensure_connection()
    row = connection.connection.execute(f"SELECT number FROM articles_publicversion WHERE scope = {SITE}").fetchone()  # noqa: S608
    return row[0] if row else 0


# What is sent in a coding, and otherwise. The plain form of a text is unpacked: hardly any client wants it, and it
# would take more than half of the space.
_COLUMNS = {"": ("r.body", "r.gzip"), "br": ("r.brotli", "r.body"), "gzip": ("r.gzip", "r.body")}


@cache
def _statement(vendor, coding, *, with_body):
    """The SQL that finds a current response: (headers, ETag, is it the first column, body), the body only if wanted."""
    first, other = _COLUMNS[coding]
    body = f"COALESCE({first}, {other})" if with_body else "NULL"
    return (
        f"SELECT r.headers, r.etag, {first} IS NOT NULL, {body} FROM articles_storedresponse r"  # noqa: S608
        " LEFT JOIN articles_publicversion v ON v.scope = r.scope"
        f" WHERE r.key = {'?' if vendor == 'sqlite' else '%s'} AND r.version = COALESCE(v.number, 0)"
    )


def find(key, coding="", *, with_body=True):
    """Return the current `Answer` under `key` with only the body in `coding`, or the plain one; None if there is none.

    Raises the database driver's own errors: Django's cursor would take as long as the query.
    """
    connection.ensure_connection()
    row = connection.connection.execute(_statement(connection.vendor, coding, with_body=with_body), [key]).fetchone()
    if row is None:
        return None
    headers, etag, is_first, body = row
    if not (coding or is_first) and with_body:
        body = zlib.decompress(body, wbits=31)
    pairs = [tuple(line.split(": ", 1)) for line in headers.split("\n")]
    return Answer(pairs, etag, {coding if is_first else "": body})


def save(key, answer, scope, version):
    """Store a complete answer, unless what it shows has changed since `version`, or another writer takes too long.

    Returns whether it was stored.
    """
    if len(answer.bodies[""]) > LARGEST:
        return False
    forms = forms_of(answer)
    values = {
        "scope": scope,
        "version": version,
        "has_query": "?" in key,
        "stored_at": timezone.now(),
        "size": sum(len(body) for body in forms.values() if body is not None),
        "etag": answer.etag,
        "headers": headers_text(answer),
        **forms,
    }
    try:
        with _impatient(), transaction.atomic():
            if not _is_current(scope, version):
                return False
            row = StoredResponse(key=key, **values)
            update = {"update_conflicts": True, "unique_fields": ["key"], "update_fields": list(values)}
            StoredResponse.objects.bulk_create([row], **update)
            if next(_saves) % SAVES_BETWEEN == 0:
                evict()
    except OperationalError:
        return False
    return True


_saves = itertools.count(1)


@contextmanager
def _impatient():
    """Let SQLite wait for another writer for `SAVE_SECONDS` only."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    wait = connection.connection.execute
    wait(f"PRAGMA busy_timeout = {SAVE_SECONDS * 1000:.0f}")
    try:
        yield
    finally:
        wait(f"PRAGMA busy_timeout = {connection.settings_dict['OPTIONS'].get('timeout', 5) * 1000:.0f}")


def _is_current(scope, version):
    """Return whether `version` is still the number of `scope`, and on PostgreSQL keep `forget_all` waiting until the end."""
    locked = " ORDER BY scope FOR SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        of_both = "SELECT scope, number FROM articles_publicversion WHERE scope IN (%s, %s)"
        cursor.execute(of_both + locked, [SITE, scope])
        return dict(cursor.fetchall()).get(scope, 0) == version


def forget_all():
    """Delete everything that is stored, because some of it must not stay even where nobody gets it: an erased text.

    Responses that are being rendered meanwhile aren't stored.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO articles_publicversion (scope, number, purged) VALUES (%s, 1, 0)"
            " ON CONFLICT (scope) DO UPDATE SET number = articles_publicversion.number + 1",
            [SITE],
        )
        cursor.execute("DELETE FROM articles_storedresponse")


def forget_other_releases():
    """Delete what other releases stored, or this one with other settings; a release that still runs renders again."""
    StoredResponse.objects.exclude(key__startswith=f"{keys.release()} ").delete()


def evict():
    """Delete the responses stored longest ago beyond `MOST_WITH_QUERY` and `STORED_RESPONSES_BYTES`, and some more."""
    oldest = StoredResponse.objects.order_by("stored_at")
    with_query = oldest.filter(has_query=True)
    if (excess := with_query.count() - MOST_WITH_QUERY) > 0:
        _delete(with_query.values_list("pk", flat=True)[: excess + MOST_WITH_QUERY // 10])
    excess = (oldest.aggregate(total=Sum("size"))["total"] or 0) - settings.STORED_RESPONSES_BYTES
    if excess > 0:
        excess += settings.STORED_RESPONSES_BYTES // 10
        rows = _running(oldest.values_list("pk", "size").iterator())
        _delete(key for key, before in itertools.takewhile(lambda row: row[1] < excess, rows))


def _running(sizes):
    """Yield (key, bytes before it) of (key, size) pairs."""
    total = 0
    for key, size in sizes:
        yield key, total
        total += size


def _delete(keys):
    keys = list(keys)
    for start in range(0, len(keys), 500):
        StoredResponse.objects.filter(pk__in=keys[start : start + 500]).delete()
