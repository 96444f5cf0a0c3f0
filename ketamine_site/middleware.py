"""What requests may be like, and headers that keep other sites and injected text out."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponseNotAllowed

from articles.views.errors import method_not_allowed

ESCAPED_NUL = "\\000"  # as cookies write it; a session with such a key would be looked up
METHODS = ["GET", "HEAD", "POST", "OPTIONS"]


class PlainRequestMiddleware:
    """Refuses unknown methods and forms that aren't UTF-8 in the admin; replaces NUL in queries and cookies.

    Django answers unknown methods in the admin with a page, and a form in a charset that Python knows but isn't one of
    text, such as base64, with an error. PostgreSQL can't store NUL; the replacement is that of HTML.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        charset = request.content_params.get("charset", "utf-8")
        if charset.lower().strip("\"' ") not in {"utf-8", "utf8", "us-ascii"}:
            raise BadRequest("Forms are accepted in UTF-8 only.")
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\0" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "%EF%BF%BD").replace("\0", "%EF%BF%BD")
        cookie = request.META.get("HTTP_COOKIE", "")
        if ESCAPED_NUL in cookie:
            request.META["HTTP_COOKIE"] = cookie.replace(ESCAPED_NUL, "")
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if "admin" in request.resolver_match.namespaces and request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return None


class ContentSecurityPolicyMiddleware:
    """Send `settings.SECURE_CSP` (directive → list of sources) with every response that has no policy of its own.

    Django 6 brings its own middleware for the same setting. The policy contains no nonce, so that pages are the same
    for everybody and can be cached.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items())

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        # Pages are nothing for another site to load into its own process; images and files may be shown there.
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class ErrorMiddleware:
    """Keeps caches from keeping errors, which may be over in a moment, and puts words into Django's empty 405."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response = method_not_allowed(request, response)
        if response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class PublicResponseMiddleware:
    """Sets no cookie with what shared caches may keep; belongs above sessions and CSRF.

    Django replaces damaged cookies with whatever is asked for. A cache could give the new one to everybody: a CSRF token
    that an attacker knows, or the end of their session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_kept = "public" in response.headers.get("Cache-Control", "") or response.status_code == 301
        if response.cookies and is_kept:
            response.cookies.clear()
            del response.headers["Vary"]  # they were the reason
        return response
