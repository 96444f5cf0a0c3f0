"""HTTP for all public responses: origin, client network, pages, caching and conditional requests."""

import hashlib
import ipaddress
import tempfile
from contextlib import ExitStack
from functools import partial, wraps
from operator import attrgetter

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect
from django.template.loader import get_template
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from articles.derived.responses.keys import canonical_query
from articles.derived.responses.replica import from_replica
from articles.models import named

SPOOLED_BYTES = 1024 * 1024  # of a download that are kept in memory
# Whoever keeps a public response asks with its ETag before using it again.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*"}


def client_network(request):
    """Return the IP address of a request's client as text, or its network (/64) for IPv6; "" if there is none.

    Behind a proxy this is the last address in X-Forwarded-For, which our proxy added; clients can forge the ones
    before it. Anything that isn't an IP address is returned unchanged.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:  # set by BEHIND_PROXY
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address  # a Unix socket has no address, so all its clients count as one
    if known.version == 4:
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    # Providers assign whole /64 networks, and a client can use any address in theirs.
    return str(ipaddress.ip_network((int(known), 64), strict=False).network_address)


def origin(request):
    """Return the scheme and host for absolute URLs, without a trailing slash.

    This is `SITE_URL` if set, so that all the site's host names give the same URLs; otherwise the request's own host.
    Its port isn't checked against `ALLOWED_HOSTS`, so it counts only if it is the one that our own server listens on.
    """
    if settings.SITE_URL:
        return settings.SITE_URL
    domain, port = split_domain_port(request.get_host())
    is_ours = port and port == request.META.get("SERVER_PORT") and not settings.SECURE_PROXY_SSL_HEADER
    return f"{request.scheme}://{domain}{f':{port}' if is_ours else ''}"


def public_page(template, *, status=200, **context):
    """Render a template independently of the request, without context processors; it gets the `status`, too."""
    context = {"site_name": settings.SITE_NAME, "status": status, **context}
    return HttpResponse(get_template(template).render(context), status=status)


def redirect_with_query(request, **names):
    """Return the redirect (301) to this URL with other `names` as its parts; the query, such as `?t=391`, stays."""
    match = request.resolver_match
    response = redirect(match.view_name, **match.kwargs | names, permanent=True)
    if query := request.META.get("QUERY_STRING"):
        response.headers["Location"] += f"?{query}"
    return response


class OtherCase(Exception):
    """The URL names something in another case; `names` are the right values of its parts."""

    def __init__(self, **names):
        super().__init__(names)
        self.names = names

    def redirect(self, request):
        """Return the redirect (301) to the right URL, with the same query."""
        return redirect_with_query(request, **self.names)


def one_named(rows, **names):
    """Return the row of `rows` that the URL's parts name, given as `part=(field, name)`.

    Raises OtherCase if only a row with another case is found, Http404 if there is none.
    """
    row = named(rows, **dict(names.values()))
    if row is None:
        raise Http404("Nothing found at this URL.")
    return in_its_case(row, **names)


def in_its_case(row, **names):
    """Return `row` if the URL's parts, given as `part=(field, name)`, name it exactly; raises OtherCase otherwise."""
    actual = {part: attrgetter(field.replace("__", "."))(row) for part, (field, _) in names.items()}
    if actual != {part: name for part, (_, name) in names.items()}:
        raise OtherCase(**actual)
    return row


def _redirecting(view):
    @wraps(view)
    def run(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except OtherCase as other:
            return other.redirect(request)

    return run


def public_view(view=None, *, parameters=(), kept_in="database"):
    """Decorate a view whose response is the same for everybody: read-only, and revalidated each time it is used again.

    A name in another case redirects. The view is exempt from CSRF checks, as it refuses unsafe methods anyway.
    Successful responses are kept until the database changes, one for each value of the query's `parameters`, the only ones
    that the view reads: in the `"database"`; in `"memory"` if its query doesn't belong there; None for a view that
    depends on anything else, such as the time.
    """
    if view is None:
        return partial(public_view, parameters=parameters, kept_in=kept_in)

    answering = from_replica(_redirecting(view))

    @wraps(view)
    def run(request, *args, **kwargs):
        response = answering(request, *args, **kwargs)
        response.headers["Cache-Control"] = CACHE_CONTROL
        return response

    public = require_safe(csrf_exempt(run))
    public.parameters = parameters
    if kept_in:
        name = {"database": "stored_query", "memory": "recent_query"}[kept_in]
        setattr(public, name, lambda match, given: canonical_query(given, parameters))
    return public


def respond(body, content_type, *, headers=None):
    """Return `body` as a response that can be read from other origins: nothing in it depends on the client."""
    return HttpResponse(body, content_type=content_type, headers={**OPEN_TO_ALL, **(headers or {})})


def download(pieces, content_type, *, headers=None):
    """Return the text `pieces`, joined, as a response that has a length and an ETag of its content.

    Everything is written to a temporary file first. So memory doesn't grow with the length, and an error on the way
    becomes an error response: once a response has begun, an error can only cut it off, which clients behind an
    HTTP/1.0 proxy can't tell from its end.
    """
    digest = hashlib.sha256()
    with ExitStack() as closing:
        file = closing.enter_context(tempfile.SpooledTemporaryFile(SPOOLED_BYTES))
        for piece in pieces:
            content = piece.encode()
            digest.update(content)
            file.write(content)
        file.seek(0)
        closing.pop_all()  # the response closes the file
    response = FileResponse(file, content_type=content_type, headers=headers)
    response.headers["ETag"] = quote_etag(digest.hexdigest()[:32])
    return response


def respond_long(request, pieces, content_type):
    """Return a public `download` of `pieces`, or 304 if the client has it; if it's short, it can be compressed."""
    response = download(pieces, content_type, headers=OPEN_TO_ALL)
    if int(response.headers["Content-Length"]) <= SPOOLED_BYTES:
        with response.file_to_stream as file:
            return respond(file.read(), content_type)
    answer = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    if answer is not response:
        response.file_to_stream.close()
        answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
