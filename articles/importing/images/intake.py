"""Stores the images of one save, paste or import: those received as files, written into a text, or on another site."""

import hashlib
import io
import time
from copy import copy
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext

from articles.core import http
from articles.core.http import FetchError
from articles.derived.i18n import translate
from articles.workflow.governance import uploads

from .redraw import RefusedImage, measure, redraw, require_size

FETCHES_MAX = 20  # per save or paste
SECONDS = 20.0  # for fetching and redrawing, per save or paste
RUN_FETCHES_MAX = 2_000  # per run of an import
RUN_SECONDS = 1_800.0
FETCH_SECONDS = 8.0  # for one image
FAILED_SECONDS = 600  # how long an address that failed isn't asked again
HOST_FAILURES_MAX = 3  # after that many failures, a host isn't asked again in this save or run
ACCEPT = "image/webp,image/png,image/jpeg,image/gif"


class Intake:
    """Stores images in the name of `by`, within limits on number and time; call it with bytes or an address.

    Don't call it in a transaction: it asks other sites. Each address is asked once.
    """

    def __init__(self, by, *, most=FETCHES_MAX, seconds=SECONDS, is_offline=False, is_dry_run=False, reuses=False):
        self.by = by
        self.most = most
        self.seconds = seconds  # that are left
        self.is_offline = is_offline or is_dry_run
        self.is_dry_run = is_dry_run  # nothing is written
        self.reuses = reuses  # whether an image that was fetched from an address before is used again
        self._answers = {}
        self._failures = {}

    @classmethod
    def of_run(cls, by, **options):
        """Return the intake of an import of many files."""
        return cls(by, most=RUN_FETCHES_MAX, seconds=RUN_SECONDS, reuses=True, **options)

    def without_fetching(self):
        """Return the same intake for a text that was imported before: only what is stored already is used."""
        known = copy(self)
        known.is_offline, known._answers = True, {}
        return known

    def __call__(self, image):
        """Return our own URL of an image, given as bytes or a web address. Raises `RefusedImage` with the reason."""
        started = time.monotonic()
        try:
            if self.seconds <= 0:
                raise RefusedImage(gettext("Storing the images takes too long. Save again to store the rest."), 503)
            return self._fetched(image) if isinstance(image, str) else self.store(ContentFile(image))
        finally:
            self.seconds -= time.monotonic() - started

    def store(self, file, address="", file_name=""):
        """Store the image in `file`, unless it is stored already, and return its URL. Raises `RefusedImage`.

        `file_name` is what its owner calls it, `address` is where it was fetched. The name is the SHA-256 of what is stored, so a name always shows the same
        image: nothing is ever overwritten.
        """
        require_size(file)
        source = hashlib.sha256(file.read()).hexdigest()
        file.seek(0)
        name = uploads.name_of(source=source)
        if name is None or not _is_stored(name):
            data = redraw(file)
            name = f"uploads/{hashlib.sha256(data).hexdigest()}.webp"
            if not self.is_dry_run:
                self._write(name, data, source=source, address=address, file_name=file_name)
        return default_storage.url(name)

    def _write(self, name, data, **origin):
        try:
            is_new = uploads.reserve(name, len(data), by=self.by, **origin, **measure(io.BytesIO(data)))
        except uploads.OverQuota as refusal:
            raise RefusedImage(str(refusal), 413) from refusal
        try:
            if default_storage.exists(name):
                return
            written = default_storage.save(name, ContentFile(data))
        except OSError as error:
            if is_new:
                uploads.release(name)
            raise _not_now() from error
        if written != name:  # someone else has just stored the same image
            default_storage.delete(written)

    def _fetched(self, address):
        if own := _own_path(address):
            return own
        address = f"https:{address}" if address.startswith("//") else address
        if address not in self._answers:
            try:
                self._answers[address] = self._ask(address)
            except RefusedImage as refusal:
                reason = gettext("The image at %(address)s isn’t stored on this site. %(reason)s")
                self._answers[address] = RefusedImage(
                    reason % {"address": http.display_address(address), "reason": refusal}, refusal.status
                )
        answer = self._answers[address]
        if isinstance(answer, RefusedImage):
            raise answer
        return answer

    def _ask(self, address):
        if self.reuses and (known := uploads.name_of(address=address)) and _is_stored(known):
            return default_storage.url(known)
        if self.is_offline:
            raise RefusedImage(gettext("It wasn’t fetched. Save the draft to fetch it, or upload the image."))
        host = urlsplit(address.replace("[", "").replace("]", "")).netloc
        failed = f"image-{hashlib.sha256(address.encode()).hexdigest()}"
        if reason := cache.get(failed):
            raise RefusedImage(reason)
        if self._failures.get(host, 0) >= HOST_FAILURES_MAX:
            raise RefusedImage(gettext("Other images from there couldn’t be fetched. Upload the image."))
        if self.most <= 0:
            raise RefusedImage(gettext("There are too many to fetch at once. Save again to fetch the rest."))
        self.most -= 1
        try:
            timeout = min(FETCH_SECONDS, max(self.seconds, 0.1))
            limit = settings.UPLOAD_IMAGE_MAX_BYTES
            fetched = http.fetch(address, max_bytes=limit, timeout_seconds=timeout, accept=ACCEPT)
            return self.store(ContentFile(fetched.data), address)
        except FetchError as error:
            self._failures[host] = self._failures.get(host, 0) + 1
            reason = gettext("%(reason)s Upload the image.") % {"reason": translate(error)}
            cache.set(failed, reason, FAILED_SECONDS)
            raise RefusedImage(reason) from error


def _is_stored(name):
    try:
        return default_storage.exists(name)
    except OSError as error:  # object storage that can't be reached
        raise _not_now() from error


def _not_now():
    return RefusedImage(gettext("The image can’t be stored at the moment. Try again later."), 503)


def _own_path(address):
    """Return the path of an upload of this site that is given as a complete address, "" for anything else."""
    start = f"{settings.SITE_URL}{settings.MEDIA_URL}"
    return address.removeprefix(settings.SITE_URL) if settings.SITE_URL and address.startswith(start) else ""
