"""Finds uploads and the texts that show them, with a fixed number of queries however many there are."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext

from articles.models import ImageUse, Revision, Upload

WORDS_MAX = 8  # of a search
NAMED = 3  # articles named per image
Status = Revision.Status
PUBLISHED = Q(revision__published_for__isnull=False)
AT_WORK = Q(revision__status__in=[Status.DRAFT, Status.SUBMITTED])
# What readers see comes first, then what is to come.
RANK = Case(When(PUBLISHED, then=Value(0)), When(AT_WORK, then=Value(1)), default=Value(2))
_SIGNS = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])")


@dataclass
class Image:
    """An upload, the number of articles that show it, and the first of those that the user may read.

    `uses` are (revision, the state of its text in words).
    """

    upload: Upload
    count: int = 0
    uses: list = field(default_factory=list)

    @property
    def url(self):
        return default_storage.url(self.upload.name)

    @property
    def markdown(self):
        return markdown_of(self.upload)

    @property
    def more(self):
        return self.count - len(self.uses)


def markdown_of(upload):
    """Return the Markdown that shows the upload, with its credit below it; what has a meaning in Markdown is escaped.

    `static/js/editor/images/insertion.js` writes the same.
    """
    image = f"![{_escaped(upload.alt)}]({default_storage.url(upload.name)})"
    return f"{image}\\\n*{_escaped(upload.credit)}*" if upload.credit else image


def _escaped(text):
    return _SIGNS.sub(r"\\\g<0>", text)


def image_at(url):
    """Return the upload that has just been stored at `url`."""
    return Upload.objects.get(name=unquote(url.removeprefix(settings.MEDIA_URL)))


def found(words, *, is_unused=False):
    """Return the uploads whose alt text, credit or file name has each of the `words`, the newest first."""
    uploads = Upload.objects.stored().select_related("by").order_by("-at", "-pk")
    for word in words.replace("\0", "").split()[:WORDS_MAX]:
        uploads = uploads.filter(
            Q(alt__icontains=word) | Q(credit__icontains=word) | Q(file_name__icontains=word) | Q(name__icontains=word)
        )
    if is_unused:
        uploads = uploads.exclude(Exists(ImageUse.objects.filter(name=OuterRef("name"))))
    return uploads


def images_of(uploads, user):
    """Return an `Image` for each of the `uploads`; two queries."""
    images = {upload.name: Image(upload) for upload in uploads}
    uses = ImageUse.objects.filter(name__in=images)
    counted = uses.order_by().values("name").annotate(count=Count("revision__article", distinct=True))
    for row in counted:
        images[row["name"]].count = row["count"]
    # An article can show it in its published text and in several others.
    order = [RANK.asc(), F("revision__saved_at").desc(), F("revision_id").desc()]
    of_article = Window(RowNumber(), partition_by=[F("name"), F("revision__article")], order_by=order)
    place = Window(RowNumber(), partition_by=[F("name")], order_by=order)
    visible = uses.filter(revision__in=Revision.objects.visible_to(user))
    first = visible.annotate(of_article=of_article).filter(of_article=1)
    nearest = ImageUse.objects.filter(pk__in=first.values("pk")).annotate(place=place).filter(place__lte=NAMED)
    for use in nearest.select_related("revision__article").order_by("name", "place"):
        images[use.name].uses.append((use.revision, state_of(use.revision)))
    return list(images.values())


def uses_of(upload, user):
    """Return the texts that show `upload` and that `user` may read, published ones first."""
    texts = Revision.objects.visible_to(user).filter(imageuse__name=upload.name).select_related("article")
    rank = Case(
        When(published_for__isnull=False, then=Value(0)),
        When(status__in=[Status.DRAFT, Status.SUBMITTED], then=Value(1)),
        default=Value(2),
    )
    return texts.order_by(rank, "-saved_at", "-pk")


def state_of(revision):
    """Return what a text is, in words."""
    published = revision.article.published_revision_id
    if published == revision.pk:
        return gettext("published")
    # What was published stays approved, also once readers no longer see it.
    is_approved = revision.status == Status.APPROVED and revision.first_public_at is None
    is_next = is_approved and (published is None or revision.pk > published)
    states = {Status.DRAFT: gettext("draft"), Status.SUBMITTED: gettext("in review")}
    return gettext("approved") if is_next else states.get(revision.status, gettext("earlier text"))
