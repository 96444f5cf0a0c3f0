"""Pagination by cursor: a cursor stays valid when rows are added before it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

from django.utils.encoding import escape_uri_path
from ninja.errors import HttpError

from articles.core.parsing.numbers import KEY_MAX
from articles.views.http import origin
from articles.views.http.pagination import cut

LIMIT = 30  # rows per page by default
LIMIT_MAX = 100
CURSOR_MAX_LENGTH = 500  # characters
WRONG = "“cursor” doesn’t come from this list. Start without it and follow “next”."


def encode_cursor(name, *values):
    """Return the cursor with which the list `name` continues after the row with the key `values`."""
    plain = json.dumps([name, *values], default=lambda date_or_time: date_or_time.isoformat())
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def decode_cursor(text, name, *kinds):
    """Return the key values of a cursor that `encode_cursor` made for the list `name`; None if `text` is None.

    A kind is `int`, `str`, `date` or `datetime` (in UTC), or a tuple of one of these and `None` if the value is
    optional. Raises HttpError 400 for anything else.
    """
    if text is None:
        return None
    try:
        plain = (
            json.loads(urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}")) if len(text) <= CURSOR_MAX_LENGTH else []
        )
        values = [_decode(value, kind) for value, kind in zip(plain[1:], kinds, strict=True)]
        if plain[0] == name and encode_cursor(name, *values) == text:
            return values
    except (ValueError, TypeError, LookupError, RecursionError):
        pass
    raise HttpError(400, WRONG)


def paginate(request, name, rows, limit, key_of):
    """Return (rows of this page of the list `name`, URL of the next page or None); `key_of` returns a row's key."""
    page = cut(rows, limit)
    return page.rows, page.last and url_with(request, encode_cursor(name, *key_of(page.last)))


def url_with(request, cursor):
    """Return the URL of `request` with its cursor replaced."""
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"{origin(request)}{escape_uri_path(request.path)}?{query.urlencode()}"


def _decode(value, kind):
    if isinstance(kind, tuple):
        if value is None:
            return None
        kind = kind[0]
    if kind is int:
        if type(value) is not int or not 0 <= value <= KEY_MAX:
            raise ValueError(value)
        return value
    if not isinstance(value, str) or "\0" in value:
        raise TypeError(value)
    if kind is str:
        return value
    point = kind.fromisoformat(value)
    if kind is datetime and point.utcoffset() != timedelta():
        raise ValueError(value)
    return point
