"""Where an address's file is, and how nginx finds it: the same rules in Python and as nginx configuration.

`/articles/sleep/` is articles/sleep/index.html, `/?after=sleep` is index.html&after=sleep. Names on a disk can't be
longer than 255 bytes, which two hundred Thai letters are, so longer ones go on in a folder: `…` of 200 bytes, `/+…`.
"""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from django.conf import settings
from django.http import QueryDict
from django.urls import Resolver404, get_resolver, resolve, reverse

from articles.core.recordings.transcripts import WRITERS
from articles.views.machine.feeds import FORMS

from . import addresses

LONGEST = 200  # bytes; a coding’s ending comes after it
SPLITS = 10  # of one address: more than the longest slugs and cursors need
MOST_BYTES = 2000  # of an address that can be a file
NAME = "<name>"  # in a header, replaced by the name in the address
ENDING = "ending"  # what nginx calls the format of a feed or transcript, each of which is a variant
CODINGS = {"": "", "br": ".br", "gzip": ".gz"}
ANY = None  # the parameters of the API: all of them, as they are sent

_CONVERTERS = {"name": "[^/]+", "slug": "[-a-zA-Z0-9_]+", "int": "[0-9]+", "path": ".+"}
_FORMS = {"form": FORMS, "transcript": WRITERS}


class Route(NamedTuple):
    """A URL pattern: its name, its regular expression for nginx, the names of its query's parameters, its index file."""

    name: str
    regex: str
    parameters: tuple[str, ...] | None
    index: str


class Place(NamedTuple):
    """An `address` in the form in which each has one, its decoded `path`, the `query` under which it is rendered, the
    file's `name`, and its `variant`: all answers of a variant have the same headers. `is_stored` if it depends on
    nothing but the database.
    """

    address: str
    path: str
    query: str
    name: bytes
    variant: str
    is_stored: bool


def place_of(address):
    """Return the `Place` of an address as a client sends it, or None if it isn't one that can be a file."""
    path, _, raw_query = address.partition("?")
    path = unquote(path)
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.view_name in (*addresses.LIVE_ONLY, *addresses.NOWHERE):
        return None
    view = match.func
    parameters = _parameters(match.view_name, view)
    given = dict(part.partition("=")[::2] for part in raw_query.split("&") if part)
    if parameters is ANY:
        chosen = raw_query.replace("/", "%2F")
        suffix, variant = f"&{chosen}" if chosen else "", "?" if chosen else ""
    else:
        present = [name for name in parameters if given.get(name)]
        suffix = "".join(f"&{name}={given[name]}" for name in present)
        variant = "".join(f"?{name}" for name in present)
    query = ""
    if suffix:
        query = view.stored_query(match, QueryDict(raw_query)) if hasattr(view, "stored_query") else None
        if query is None or (parameters is not ANY and "/" in suffix):
            return None
    name = split(f"{path.removeprefix('/')}{_index_of(path)}{suffix}".encode())
    if len(name) > MOST_BYTES:
        return None
    variant = f".{match.kwargs['form']}{variant}" if "form" in match.kwargs else variant
    same = quote(path) + (f"?{suffix[1:]}" if suffix else "")
    return Place(same, path, query, name, f"{match.view_name}{variant}", hasattr(view, "stored_query"))


def is_page(address):
    """Return whether `address` belongs to a view rather than to a file that is sent as it is."""
    return address.startswith("/") and not address.startswith((settings.STATIC_URL, settings.MEDIA_URL))


def split(name):
    """Return the file name `name` (bytes) with its long parts divided, as nginx does it with `nginx_splits`."""
    parts = []
    for part in name.split(b"/"):
        while len(part) > LONGEST:
            parts.append(part[:LONGEST])
            part = b"+" + part[LONGEST:]
        parts.append(part)
    return b"/".join(parts)


def nginx_splits():
    """Return the nginx maps that make `$on_disk` of `$uri`, `$index` and `$query`."""
    lines = ['map "$uri$index$query" $long_0 { "~^/(?<whole>.*)$" $whole; }']
    longer = f'"~^(?<head_{{0}}>(?:.*/)?[^/]{{{{{LONGEST}}}}})(?<rest_{{0}}>[^/].*)$" "$head_{{0}}/+$rest_{{0}}"'
    for number in range(SPLITS):
        lines.append(f"map $long_{number} $long_{number + 1} {{ default $long_{number}; {longer.format(number)}; }}")
    lines.append(f'map $long_0 $on_disk {{ default $long_0; "~[^/]{{{LONGEST + 1}}}" $long_{SPLITS}; }}')
    return lines


def routes():
    """Return the `Route`s of the public site, in the order in which Django tries them."""
    return list(_routes(get_resolver().url_patterns))


def _routes(patterns, route="", namespace=""):
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace != "admin":
                yield from _routes(
                    pattern.url_patterns, here, f"{pattern.namespace}:" if pattern.namespace else namespace
                )
        elif pattern.name:
            name = namespace + pattern.name
            regex = re.sub(r"<(?:(\w+):)?\w+>|([^<]+)", _regex_of_part, here)
            yield Route(name, f"^/{regex}$", _parameters(name, pattern.callback), _index_of(f"/{here}"))


def _regex_of_part(match):
    converter, text = match[1], match[2]
    if text:
        return re.escape(text)
    if converter in _FORMS:
        return f"(?<{ENDING}>{'|'.join(_FORMS[converter])})"
    return _CONVERTERS[converter or "name"]


def _parameters(name, view):
    return ANY if name.startswith("api:") else getattr(view, "parameters", ())


def _index_of(path):
    """Return the name of the file in a folder’s address."""
    if not path.endswith("/"):
        return ""
    return "index.json" if path.startswith(reverse("api")) and path != reverse("api") else "index.html"


def parameters_in_use():
    """Return the names of all pages’ parameters."""
    return sorted({name for route in routes() for name in route.parameters or ()})
