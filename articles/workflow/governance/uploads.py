"""Records what people upload and say about it, within a quota per person and day and in total."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext

from articles.core.language.shorten import printable_line
from articles.models import Upload
from articles.models.accounts.uploads import ERASED, NOTHING
from articles.workflow.transitions import InvalidTransition, require, transition

FILE_NAME_MAX = Upload._meta.get_field("file_name").max_length
DAY = timedelta(hours=24)
MODERATORS_TIMES = 10  # how much more reviewers can upload than others


class OverQuota(Exception):
    """The person may not upload that much; the message says how much, and what to do."""


def name_of(*, source="", address=""):
    """Return the name of the upload made from a file with the digest `source` or from `address`, or None."""
    same = {"source_digest": source} if source else {"address_digest": _digest(address)}
    return Upload.objects.filter(**same).order_by("-pk").values_list("name", flat=True).first()


@transaction.atomic
def reserve(name, size, *, source, address, by, file_name="", **pixels):
    """Count an image of `size` bytes that `by` is about to store; return False if it is counted already.

    `file_name` is that of what was received, `pixels` the `width` and `height` of what is stored. Raises `OverQuota`. Two uploads of one person are counted one after the other.
    """
    get_user_model().objects.select_for_update().get(pk=by.pk)
    Upload.objects.filter(name=name, size=ERASED).delete()  # its file is stored again
    if Upload.objects.filter(name=name).exists():
        return False
    _require_room(by, size)
    values = {"size": size, "source_digest": source, "address_digest": _digest(address), "by": by}
    values |= {"file_name": printable_line(file_name)[:FILE_NAME_MAX], **pixels}
    _, is_new = Upload.objects.get_or_create(name=name, defaults=values)
    return is_new


def release(name):
    """Forget an image that wasn't stored after all."""
    Upload.objects.filter(name=name).delete()


def adopt(name, size, *, at, **pixels):
    """Record an image that was stored before images were recorded, `at` this time, or measure a recorded one."""
    image, is_new = Upload.objects.get_or_create(name=name, defaults={"size": size, "source_digest": "", **pixels})
    if is_new:  # the field itself takes the present
        Upload.objects.filter(pk=image.pk).update(at=at)
    else:
        Upload.objects.stored().filter(pk=image.pk).update(**pixels)


@transition
def describe(upload, *, by, alt, credit, over=None):
    """Save the alt text and the credit that are offered to whoever inserts the image next; no text changes.

    `over` has those that they replace, if only those are to be replaced. Raises `NotAllowed`, or `InvalidTransition` if one of them is too long, somebody
    has changed them, or the image is erased.
    """
    require(by, "articles.change_revision", gettext("describe images"))
    values = {}
    for field, text in (("alt", alt), ("credit", credit)):
        values[field] = " ".join(printable_line(text).split())
        longest = Upload._meta.get_field(field).max_length
        if len(values[field]) > longest:
            label = Upload._meta.get_field(field).verbose_name
            raise InvalidTransition(
                gettext("Shorten the %(field)s to %(most)s characters or fewer.") % {"field": label, "most": longest}
            )
    stored = Upload.objects.stored().filter(pk=upload.pk)
    if not stored.filter(**over or {}).update(**values):
        if stored.exists():
            raise InvalidTransition(gettext("Someone else has just described this image. Reload the page."))
        raise InvalidTransition(gettext("This image has been erased."))
    return upload


def forget(is_in):
    """Clear the descriptions of images that contain something erased; return how many did.

    `is_in` says of a text whether it is in there.
    """
    said = Upload.objects.exclude(**NOTHING).values_list("pk", "alt", "credit", "file_name")
    keys = [pk for pk, *texts in said if any(map(is_in, filter(None, texts)))]
    return Upload.objects.filter(pk__in=keys).update(**NOTHING)


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
