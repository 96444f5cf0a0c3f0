"""Public responses: stored ones as they are; others rendered, and then conditional and compressed, too.

The size of a compressed response reveals something about its content, so an attacker who can make many requests can
guess a secret in it (the BREACH attack). Therefore only responses that are the same for everybody are compressed:
`Cache-Control: public`, no cookie set, and none read.
"""

from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import cc_delim_re, get_conditional_response
from django.utils.http import parse_http_date_safe

from articles.core.http.negotiation import best_coding, has_it
from articles.derived.responses import fresh, keys, purging, recent, stored
from articles.derived.responses.turns import turn

# Conditions that Django's own, slower code evaluates: hardly anybody sends them without If-None-Match.
_OTHER_CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_MODIFIED_SINCE")
# Probes ask a process that may have no database.
_NEVER_STORED = ("/admin/", "/livez", "/readyz", "/metrics", settings.STATIC_URL, settings.MEDIA_URL)


def stored_answer(environ):
    """Return (status, headers, body) that a request, a WSGI environment, gets from what is stored, or None.

    One query answers it, or two if the client has another version.
    """
    if not _may_be_stored(environ) or any(name in environ for name in _OTHER_CONDITIONS):
        return None
    address = keys.address_of(environ)
    if address is None:
        return None
    key, accepted = address.key, best_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    known = environ.get("HTTP_IF_NONE_MATCH")
    try:
        if answer := recent.find(key):
            return _sent(environ, answer, best_coding(environ.get("HTTP_ACCEPT_ENCODING", ""), answer.bodies))
        if known is not None and (answer := stored.find(key, accepted, with_body=False)):
            (coding,) = answer.bodies
            if has_it(known, answer.etag_for(coding)):
                return 304, answer.headers_of_304(coding), b""
        answer = stored.find(key, accepted)
    except connection.Database.Error:  # Django will say what is wrong
        if not connection.in_atomic_block:
            connection.close()
        return None
    return answer and _sent(environ, answer, *answer.bodies)


def _sent(environ, answer, coding):
    """Return (status, headers, body) of an answer in a coding."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and has_it(known, answer.etag_for(coding)):
        return 304, answer.headers_of_304(coding), b""
    body = answer.bodies[coding]
    return 200, answer.headers_for(coding, len(body)), body if environ["REQUEST_METHOD"] == "GET" else b""


def _may_be_stored(environ):
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and not environ["PATH_INFO"].startswith(_NEVER_STORED)
        and stored.is_on()
        # On PostgreSQL, changes count when their transaction ends.
        and not (connection.vendor == "postgresql" and connection.in_atomic_block)
    )


class StoredResponseMiddleware:
    """Send stored responses, and store what is rendered; belongs above all whose headers are stored with it.

    What is stored never comes from a client's request, but from an anonymous one made from the key, with the
    parameters that the page has. So nothing of a client can be in it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if fresh.is_rendering(request):
            return self.get_response(request)
        if found := stored_answer(request.META):
            return _response(*found)
        address, is_in_memory = _place_of(request) if _may_be_stored(request.META) else (None, False)
        if not address:
            response = self.get_response(request)
            if settings.CDN_PURGE_URL and request.method not in ("GET", "HEAD", "OPTIONS"):
                purging.purge()
            return _finished(request, response)
        key, accepted = address.key, best_coding(request.headers.get("Accept-Encoding", ""))
        with turn(key):
            answer = recent.find(key) if is_in_memory else stored.find(key, accepted)
            if answer is None:
                response, answer, scope, version = rendered(self.get_response, address, fresh.tagged)
                if answer is not None and is_in_memory:
                    recent.save(key, answer, version)
                elif answer is not None:
                    stored.save(key, answer, scope, version)
        if answer is not None:
            return _conditional(request, answer)
        # A redirect repeats the query, also what the page doesn't know of it.
        is_same = request.META.get("QUERY_STRING", "") == address.query
        return _finished(request, response if is_same else self.get_response(request))


class Rendered(NamedTuple):
    """A response and, if it can be kept for everybody, its `answer`; `version` is the number of `scope` it was made at."""

    response: HttpResponse
    answer: stored.Answer | None
    scope: int
    version: int


def rendered(get_response, address, finish=lambda response, scope: response):
    """Return what `get_response` gives to an anonymous GET of `address`; `finish` adds to what is kept.

    The number is read before, so that a change meanwhile makes the answer an outdated one.
    """
    scope, version = stored.SITE, stored.site_version()
    response, answer = fresh.render(get_response, address), None
    if response.status_code == 200 and is_for_everybody(response):
        scope, version = getattr(response, "made_from", (scope, version))
        answer = stored.Answer.of(finish(response, scope))
    return Rendered(response, answer, scope, version)


def _place_of(request):
    """Return the address under which the response to `request` is kept, None if it isn't, and whether in memory only."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None, False
    for name in ("stored_query", "recent_query"):
        query = getattr(match.func, name, _no_query)(match, request.GET)
        if query is not None and (address := keys.address_of(request.META)):
            return address._replace(query=query), name == "recent_query"
    return None, False


def _no_query(match, given):
    return None


def _finished(request, response):
    """Return a response that isn't stored: with an ETag and compressed if it is the same for everybody."""
    if response.status_code != 200 or not is_for_everybody(response):
        return response
    coding = best_coding(request.headers.get("Accept-Encoding", ""))
    return _conditional(request, stored.Answer.of(response, [coding] if coding else []))


def _conditional(request, answer):
    """Return the response with `answer`, or 304 (412) if a condition of the request isn't met."""
    coding = best_coding(request.headers.get("Accept-Encoding", ""), answer.bodies)
    body = answer.bodies[coding]
    headers = answer.headers_for(coding, len(body))
    modified = dict(headers).get("Last-Modified")
    response = _response(200, headers, body)
    conditional = get_conditional_response(
        request, answer.etag_for(coding), modified and parse_http_date_safe(modified), response
    )
    if conditional is response:
        return response
    return _response(conditional.status_code, answer.headers_of_304(coding), b"")


def _response(status, headers, body):
    response = HttpResponse(body, status=status)
    del response.headers["Content-Type"]
    for name, value in headers:
        response.headers[name] = value
    return response


def is_for_everybody(response):
    """Return whether `response` is complete and the same for everybody, so that it contains nobody's secrets."""
    if response.streaming or response.cookies or response.has_header("Content-Encoding"):
        return False
    if "public" not in cc_delim_re.split(response.headers.get("Cache-Control", "").lower()):
        return False
    return "cookie" not in cc_delim_re.split(response.headers.get("Vary", "").lower())
