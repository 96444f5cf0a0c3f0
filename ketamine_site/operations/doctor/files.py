"""Files: space, static files, uploads."""

import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from articles.management.checks import existing
from ketamine_site.operations.backup import media

from .types import Finding

LOW_BYTES = 2**30
COLLECT = "Run: manage.py collectstatic --noinput, then restart the server."


def check_space():
    """Every file system in use has room, that of an SQLite database for a second copy: an erasure rewrites it."""
    places = {
        "uploads": media.root(),
        "backups": settings.BACKUP_FOLDER,
        "temporary files": tempfile.gettempdir(),
    }
    needed = dict.fromkeys(places, LOW_BYTES)
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"]).absolute()
        places["the database"] = database
        needed["the database"] = max(LOW_BYTES, 2 * database.stat().st_size if existing(database) == database else 0)
    seen = set()
    for what, place in places.items():
        if place is None:
            continue
        folder = existing(place)
        usage = shutil.disk_usage(folder)
        free = usage.free
        if usage.total and free < needed[what] and folder.stat().st_dev not in seen:
            seen.add(folder.stat().st_dev)
            yield Finding(
                "space",
                f"{folder} ({what})",
                f"{free >> 20} MB are free, {needed[what] >> 20} MB should be",
                "Make room, or enlarge the disk: a full disk stops every save.",
            )


def check_static_files():
    """Those in STATIC_ROOT are those of this release."""
    root = Path(settings.STATIC_ROOT)
    try:
        if not isinstance(staticfiles_storage, ManifestFilesMixin):
            return  # as in development: they are served from where they are
    except (OSError, ValueError) as error:  # of the list of files, which the storage reads when it is made
        reason = getattr(error, "strerror", None) or str(error)
        remedy = f"Let the site’s account read it, or set STATIC_ROOT to another folder. {COLLECT}"
        yield Finding("static files", str(root), f"they can’t be read: {reason.rstrip('.')}", remedy)
        return
    if not (root / staticfiles_storage.manifest_name).exists():
        yield Finding(
            "static files", str(root), "they aren’t collected, so pages have neither style nor scripts", COLLECT
        )
        return
    stale = [
        name
        for finder in get_finders()
        for name, storage in finder.list([])
        if not (root / name).exists() or (root / name).stat().st_mtime < int(os.path.getmtime(storage.path(name)))  # noqa: PTH204
    ]
    if stale:
        yield Finding(
            "static files",
            str(root),
            f"{len(stale)} are older than those of this release or missing, such as {min(stale)}",
            COLLECT,
        )


def check_uploads():
    root = media.root()
    if root is None:
        yield from _check_bucket()
        return
    try:
        with tempfile.TemporaryFile(dir=existing(root)):
            pass
    except OSError as error:
        yield Finding(
            "uploads",
            str(root),
            f"nothing can be written there: {error.strerror}",
            f"Let the site’s account own it (chown … {root}), or set MEDIA_ROOT to another folder.",
        )


def _check_bucket():
    """What is stored in the bucket can be read and deleted, as an erasure does."""
    try:
        name = default_storage.save("doctor", ContentFile(b"here"))
        with default_storage.open(name) as file:
            problem = "" if file.read() == b"here" else "it doesn’t return what was stored"
        default_storage.delete(name)
    except (OSError, ValueError) as error:  # the second of an endpoint that the client refuses
        reason = getattr(error, "strerror", None) or str(error)
        problem = f"it can’t be used: {' '.join(reason.split()).rstrip('.')}"
    if problem:
        remedy = "Correct MEDIA_BUCKET, BUCKET_ENDPOINT, BUCKET_REGION and the key, which needs the rights to list, read, write and delete."
        yield Finding("uploads", media.place(), problem, remedy)


CHECKS = [check_static_files, check_uploads, check_space]
