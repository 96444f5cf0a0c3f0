"""Answers that programs read: under which origin, with what a client needs to ask again cheaply."""

import hashlib
import ipaddress

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


def client_network(request):
    """The address that a request comes from as text; that of the network (/64) for IPv6; empty where there is none.

    Behind a proxy it is the last address in X-Forwarded-For, the one that our proxy wrote: what stands before it
    is the client's word. What is no address is given as it stands.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:  # set by BEHIND_PROXY
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address  # a socket has no address: all who come through it are one
    if known.version == 4:
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    # Somebody is given a whole network of them, and can come from each.
    return str(ipaddress.ip_network((int(known), 64), strict=False).network_address)


def origin(request):
    """Scheme and host that the site’s absolute addresses begin with, without a slash at the end.

    `SITE_URL` where it is set, so that every name of the site tells the same; else as the request named it.
    """
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"


def public_resource(max_age):
    """A view whose answer is the same for everybody: cached for `max_age` seconds, read by pages of other sites too."""

    def decorate(view):
        return require_safe(csrf_exempt(cache_control(public=True, max_age=max_age)(view)))

    return decorate


def respond(request, body, content_type, *, changed_at=None, headers=None):
    """`body` as a response, or 304 where the client has it; `changed_at` is the moment of the last change, if known."""
    return conditional(request, HttpResponse(body, content_type=content_type, headers=headers), changed_at=changed_at)


def conditional(request, response, *, changed_at=None):
    """`response` with an ETag of its content, or 304 where the client has it.

    The tag is taken over what is sent and not over dates: a title, a name or a setting that changed is noticed too.
    """
    response.headers["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    seconds = None
    if changed_at is not None:
        seconds = int(changed_at.timestamp())
        response.headers["Last-Modified"] = http_date(seconds)
    else:
        response.headers.pop("Last-Modified", None)
    tag = response.headers["ETag"]
    response = get_conditional_response(request, etag=tag, last_modified=seconds, response=response)
    response.headers["Access-Control-Allow-Origin"] = "*"  # it holds nothing that depends on who asks
    return response
