"""Sessions of people with an account end after a time without use."""

import time

from django.conf import settings
from django.contrib.auth import logout

KEY = "used_at"
RENEWED_PER_LIFETIME = 100  # not at every request, because each time is a write
IDLE = {"articles_present"}  # sent by an open editor without anybody there


class IdleSessionMiddleware:
    """Ends a session in the admin after `SESSION_COOKIE_AGE` seconds without a request, and renews it with each.

    Public pages don't read sessions: they are the same for everybody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if "admin" not in match.namespaces or match.url_name in IDLE or not request.user.is_authenticated:
            return
        now = int(time.time())
        used_at = request.session.get(KEY) or int(request.user.last_login.timestamp() if request.user.last_login else 0)
        if now - used_at > settings.SESSION_COOKIE_AGE:
            logout(request)  # the form that was sent comes back: articles/admin/editor/saving/lost_session.py
        elif now - used_at > settings.SESSION_COOKIE_AGE // RENEWED_PER_LIFETIME:
            request.session[KEY] = now
        return
