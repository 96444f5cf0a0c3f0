"""Responses as they are rendered now, whatever is stored."""

import io
import sys
from functools import cache

from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest

from . import keys


def render(get_response, address):
    """Return the response that `get_response` gives to an anonymous GET of `address`."""
    request = WSGIRequest(keys.environ_of(address) | {"wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr})
    request.is_rendering = True
    return get_response(request)


def is_rendering(request):
    """Return whether `request` comes from `render`, so that it isn't for what is stored."""
    return getattr(request, "is_rendering", False)


def response_at(address):
    """Return the response that the whole site gives to an anonymous GET of `address`."""
    return render(_handler().get_response, address)


@cache
def _handler():
    handler = BaseHandler()
    handler.load_middleware()
    return handler
