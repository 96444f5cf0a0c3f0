"""The Content-Security-Policy header, until Django 6 brings its own middleware for the same setting."""

from django.conf import settings


class ContentSecurityPolicyMiddleware:
    """Send `settings.SECURE_CSP` (directive → list of sources) with every response that has no policy of its own.

    It contains no nonce, so that pages are the same for everybody and can be cached.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items())

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response
