"""Pages by cursor: where a list goes on, as a text that stays right when rows are added before it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

from django.utils.encoding import escape_uri_path
from ninja.errors import HttpError

from articles.views.http import origin
from articles.views.pagination import cut

LIMIT = 30  # rows of a page where nobody says how many
LIMIT_MAX = 100
KEY_MAX = 2**63 - 1  # what a database takes as a key
LONGEST = 500  # characters of a cursor
WRONG = "“cursor” is not one that this list gave. Ask for the list without it, and follow “next” from there."


def written(name, *values):
    """The cursor of the list called `name` that goes on after the row with the key `values`."""
    plain = json.dumps([name, *(value if _is_plain(value) else value.isoformat() for value in values)])
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(text, name, *kinds):
    """The values of a cursor that `written` made for this list, each of its kind; None without one.

    A kind is `int`, `str`, `date` or `datetime` (in UTC), in a tuple with `None` where it may be missing. HttpError 400 for
    anything else.
    """
    if text is None:
        return None
    try:
        plain = json.loads(urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}")) if len(text) <= LONGEST else []
        found = [_read(value, kind) for value, kind in zip(plain[1:], kinds, strict=True)]
        if plain[0] == name and written(name, *found) == text:
            return found
    except (ValueError, TypeError, LookupError, RecursionError):
        pass
    raise HttpError(400, WRONG)


def page(request, rows, limit, key):
    """(rows of this page, address of the next or None) of `rows`, of which one more than `limit` was read.

    `key` gives the cursor that goes on after a row.
    """
    shown = cut(rows, limit)
    return shown.rows, address(request, key(shown.last)) if shown.last is not None else None


def address(request, cursor):
    """The address that was asked for, with `cursor`."""
    asked = request.GET.copy()
    asked["cursor"] = cursor
    return f"{origin(request)}{escape_uri_path(request.path)}?{asked.urlencode()}"


def _is_plain(value):
    return value is None or isinstance(value, int | str)


def _read(value, kind):
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
    read_value = kind.fromisoformat(value)
    if kind is datetime and read_value.utcoffset() != timedelta():
        raise ValueError(value)
    return read_value
