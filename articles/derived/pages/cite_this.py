"""How to cite an article: authors, title, revision, date, and permanent address."""

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
    """Return the bibliography `Work` of a revision of `article` published at `since`; `writers` come from `writers_of`.

    The site counts as an author of an imported text, and of one without named authors.
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
        language=revision.language,
    )


def plain_text(work):
    """Return the plain text of the citation, without the address that follows it."""
    day = date_format(work.on, "DATE_FORMAT")
    facts = {"title": work.title, "number": work.number, "day": day, "site": work.site}
    citation = gettext("“%(title)s”, revision %(number)s, %(day)s.") % facts
    if work.authors and work.authors != (work.site,):
        citation = f"{', '.join(work.authors)}: {citation}"
    return f"{citation} {work.site}." if work.site else citation


def block(article, revision, writers):
    """Return what a page shows under “Cite this”: the citation, and the address with its origin placeholder."""
    cited_work = work(article, revision, article.published_at, "", writers)
    address = mark_safe(f"{json_ld.ORIGIN}{escape(cited_work.address)}")  # noqa: S308  (the placeholder, an escaped path)
    return {"plain_text": plain_text(cited_work), "address": address, "slug": article.slug}
