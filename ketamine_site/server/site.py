"""This site as the server serves it."""

from contextlib import suppress
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.handlers.wsgi import get_str_from_wsgi
from django.db import DatabaseError, close_old_connections
from django.http import parse_cookie
from django.urls import get_resolver, reverse

from . import limits
from .application import Application


def application():
    """Return the site's `Application`, with everything imported that its requests need."""
    from ketamine_site.wsgi import application as wsgi  # isort: skip  (sets Django up, which the others need)
    from articles.derived.responses import keys, stored
    from ketamine_site.public import stored_answer

    def answer(environ):
        try:
            return stored_answer(environ)
        finally:
            close_old_connections()

    get_resolver().url_patterns  # noqa: B018 (imports all views)
    keys.release()
    with suppress(DatabaseError):  # of a site that isn't set up yet; requests will say so
        stored.forget_other_releases()
    return Application(
        wsgi,
        staff_path=reverse("admin:index"),
        # The longest form, and the largest file with it.
        staff_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        + max(settings.TRANSCRIPT_MAX_BYTES, settings.UPLOAD_IMAGE_MAX_BYTES)
        + limits.FORM_BYTES,
        is_staff=is_logged_in,
        stored=answer,
        is_slow=is_slow,
        is_upload=reverse("admin:articles_upload").__eq__,
        behind_proxy=settings.SECURE_PROXY_SSL_HEADER is not None,
    )


def is_slow(path):
    """Return whether an image is drawn, or two texts are compared, for the public page at `path`."""
    return path.endswith("/share.png") or "/revisions/" in path


def is_logged_in(environ):
    """Return whether the request has the cookie of a session in which somebody is logged in."""
    key = parse_cookie(get_str_from_wsgi(environ, "HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
    try:
        return bool(key) and SESSION_KEY in import_module(settings.SESSION_ENGINE).SessionStore(key)
    finally:
        close_old_connections()
