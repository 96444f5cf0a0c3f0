"""Headers that keep other sites and injected text out; Django 6 brings its own middleware for the first."""

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
        # Pages are nothing for another site to load into its own process; images and files may be shown there.
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
