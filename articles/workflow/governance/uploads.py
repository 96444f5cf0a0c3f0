"""Counts what people upload, within a quota per person and day and in total."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import Upload
from articles.models.people.uploads import ERASED

DAY = timedelta(hours=24)
MODERATORS_TIMES = 10  # how much more reviewers can upload than others


class OverQuota(Exception):
    """The person may not upload that much; the message says how much, and what to do."""


def name_of(*, source="", address=""):
    """Return the name of the upload made from a file with the digest `source` or from `address`, or None."""
    same = {"source_digest": source} if source else {"address_digest": _digest(address)}
    return Upload.objects.filter(**same).order_by("-pk").values_list("name", flat=True).first()


@transaction.atomic
def reserve(name, size, *, source, address, by):
    """Count an image of `size` bytes that `by` is about to store; return False if it is counted already.

    Raises `OverQuota`. Two uploads of one person are counted one after the other.
    """
    get_user_model().objects.select_for_update().get(pk=by.pk)
    Upload.objects.filter(name=name, size=ERASED).delete()  # its file is stored again
    if Upload.objects.filter(name=name).exists():
        return False
    _require_room(by, size)
    values = {"size": size, "source_digest": source, "address_digest": _digest(address), "by": by}
    _, is_new = Upload.objects.get_or_create(name=name, defaults=values)
    return is_new


def release(name):
    """Forget an image that wasn't stored after all."""
    Upload.objects.filter(name=name).delete()


def _require_room(by, size):
    if by.is_superuser:
        return
    is_moderator = by.has_perm("articles.review_revision")
    times, who = (MODERATORS_TIMES, gettext("a superuser")) if is_moderator else (1, gettext("a moderator"))
    today = Q(at__gte=timezone.now() - DAY)
    used = Upload.objects.filter(by=by).aggregate(
        day=Sum("size", filter=today, default=0), total=Sum("size", default=0)
    )
    day, total = settings.UPLOAD_DAY_BYTES * times, settings.UPLOAD_TOTAL_BYTES * times
    if used["total"] + size > total:
        raise OverQuota(
            gettext(
                "Your uploads take up all of the %(limit)s MB that each person has. "
                "Use an image that is already stored, or ask %(who)s to upload this one."
            )
            % {"limit": total // 1024**2, "who": who}
        )
    if used["day"] + size > day:
        raise OverQuota(
            gettext(
                "You have reached the limit of %(limit)s MB of images in 24 hours. "
                "Upload this image tomorrow, or ask %(who)s to do it."
            )
            % {"limit": day // 1024**2, "who": who}
        )


def _digest(address):
    return hashlib.sha256(address.encode()).hexdigest() if address else ""
