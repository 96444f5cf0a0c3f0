"""This site as the server serves it."""

from contextlib import suppress
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.handlers.wsgi import get_str_from_wsgi
from django.db import DatabaseError, OperationalError, close_old_connections
from django.http import parse_cookie
from django.urls import get_resolver, reverse
from django.utils.translation import gettext

from . import limits
from .application import Application
from .bodies import Refused


def application():
    """Return the site's `Application`, with everything imported that its requests need."""
    from ketamine_site.wsgi import application as wsgi  # isort: skip  (sets Django up, which the others need)
    from articles.derived.responses import keys, stored
    from ketamine_site.public import stored_answer

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
        is_staff=_with_database(is_logged_in),
        stored=_with_database(stored_answer),
        is_slow=is_slow,
        is_upload={reverse("admin:articles_upload"), reverse("admin:image_upload")}.__contains__,
        behind_proxy=settings.SECURE_PROXY_SSL_HEADER is not None,
    )


def is_slow(path):
    """Return whether an image is drawn or read from a bucket, or two texts are compared, for the public page at `path`."""
    is_in_bucket = bool(settings.MEDIA_BUCKET) and path.startswith(settings.MEDIA_URL)
    return is_in_bucket or path.endswith("/share.png") or "/revisions/" in path


def is_logged_in(environ):
    """Return whether the request has the cookie of a session in which somebody is logged in."""
    key = parse_cookie(get_str_from_wsgi(environ, "HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
    return bool(key) and SESSION_KEY in import_module(settings.SESSION_ENGINE).SessionStore(key)


def _with_database(function):
    """Refuse requests for which `function` can't reach the database, and end its connections as after a request.

    At once: Django would wait for the database again, and everybody else for the thread.
    """

    def call(environ):
        try:
            return function(environ)
        except OperationalError:
            message = gettext("The site can’t reach its database at the moment. Try again in a minute.")
            raise Refused(503, message) from None
        finally:
            close_old_connections()

    return call
