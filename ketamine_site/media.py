"""Uploads: in a folder or a bucket, and as the site serves them. Texts name them by MEDIA_URL, wherever they are."""

import mimetypes
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.utils.http import http_date
from django.views.static import serve, was_modified_since

from articles.derived.responses import fresh

KEPT = 3600  # seconds for which a redirect and an image from the bucket are kept; an erased image may show that long


def upload(request, path):
    """Send the file at `path` among the uploads; Http404 also for names outside them or that no storage accepts."""
    if settings.MEDIA_PUBLIC_URL and not fresh.is_rendering(request):  # what is exported doesn't depend on the bucket
        return _kept(HttpResponseRedirect(f"{settings.MEDIA_PUBLIC_URL}/{quote(path)}"))
    try:
        return _from_bucket(request, path) if settings.MEDIA_BUCKET else serve(request, path, settings.MEDIA_ROOT)
    except (FileNotFoundError, ValueError, SuspiciousOperation) as error:
        raise Http404("No such file.") from error
    except OSError as error:
        if settings.MEDIA_BUCKET:
            return HttpResponse(
                "The image can’t be read at the moment.\n", "text/plain", 503, headers={"Retry-After": 60}
            )
        raise Http404("No such file.") from error


def _from_bucket(request, path):
    """Send the object at `path`. Raises FileNotFoundError, or another OSError."""
    modified = default_storage.get_modified_time(path).timestamp()
    if not was_modified_since(request.headers.get("If-Modified-Since"), modified):
        return _kept(HttpResponseNotModified())
    with default_storage.open(path) as file:
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return _kept(HttpResponse(file.read(), kind, headers={"Last-Modified": http_date(modified)}))


def _kept(response):
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    return response
