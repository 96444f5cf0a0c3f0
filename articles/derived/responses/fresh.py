"""Responses as they are rendered now, whatever is stored."""

import io
import sys
from functools import cache

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest

from . import keys, purging

CDN_SECONDS = 24 * 3600
# Browsers take `stale-while-revalidate` for themselves if it is in `Cache-Control`.
FOR_CDN = f"max-age={CDN_SECONDS}, stale-while-revalidate=60"


def render(get_response, address):
    """Return the response that `get_response` gives to an anonymous GET of `address`."""
    request = WSGIRequest(keys.environ_of(address) | {"wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr})
    request.is_rendering = True
    return get_response(request)


def tagged(response, scope):
    """Return a response that is to be stored with what a CDN needs, if there is one, to keep it until it is purged."""
    if settings.CDN_PURGE_URL:
        response.headers["Cache-Tag"] = purging.tag_of(scope)
        response.headers["CDN-Cache-Control"] = FOR_CDN  # RFC 9213
        response.headers["Cache-Control"] += f", s-maxage={CDN_SECONDS}"
    return response


def is_rendering(request):
    """Return whether `request` comes from `render`, so that it isn't for what is stored."""
    return getattr(request, "is_rendering", False)


def response_at(address):
    """Return the response that the whole site gives to an anonymous GET of `address`."""
    return render(whole_site(), address)


@cache
def whole_site():
    """Return the function that answers a request as the whole site does, with all its middleware."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler.get_response
