"""An article as others cite it: who answers for it, which text it is, from when, and the address at which it stays."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext

from articles.core.formats.bibliography import Work

from . import json_ld


def work(article, revision, since, root, writers):
    """The `citing.Work` of a text of `article` that went out at `since`; `writers` as `writers_of` gives them.

    The site stands for a text that it received, and where nobody is named.
    """
    names = list(writers["names"])
    if writers["is_received"] or not names:
        names.append(settings.SITE_NAME)
    return Work(
        title=revision.title,
        slug=article.slug,
        number=revision.number,
        site=settings.SITE_NAME,
        authors=tuple(name for name in names if name),
        on=localdate(since),
        address=f"{root}{reverse('public_revision', args=[article.slug, revision.number])}",
        language=revision.language or settings.LANGUAGE_CODE,
    )


def words(work):
    """A plain citation but for the address, which comes behind it."""
    day = date_format(work.on, "DATE_FORMAT")
    facts = {"title": work.title, "number": work.number, "day": day, "site": work.site}
    told = gettext("“%(title)s”, revision %(number)s, %(day)s.") % facts
    if work.authors and work.authors != (work.site,):
        told = f"{', '.join(work.authors)}: {told}"
    return f"{told} {work.site}." if work.site else told


def block(article, revision, writers):
    """What `includes/_cite.html` shows under a stored page: the plain citation, and the address with its placeholder."""
    of = work(article, revision, article.published_at, "", writers)
    address = mark_safe(f"{json_ld.ORIGIN}{escape(of.address)}")  # noqa: S308  (the placeholder, an escaped path)
    return {"words": words(of), "address": address, "slug": article.slug}
