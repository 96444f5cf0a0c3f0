"""Uploads, served by the site itself."""

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404
from django.views.static import serve


def upload(request, path):
    """Send the file at `path` below MEDIA_ROOT; Http404 also for names outside it or that no file system accepts."""
    try:
        return serve(request, path, settings.MEDIA_ROOT)
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404("No such file.") from error
