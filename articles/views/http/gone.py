"""Answers for what is no longer public: 410 (RFC 9110, 15.5.11) with the date and reason, without the text.

Texts that were never public get the same 404 as unknown addresses.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from articles.core.markdown import visible_links
from articles.derived.reviews.reviewers import PUBLICATIONS
from articles.models import Article, LogEntry, same_name
from articles.workflow.history.audit_log import TOMBSTONE

from .responses import public_page

JSON = "application/problem+json"
TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"
# The addresses that aren't pages, by URL name, with the media type of their answer. The API's are all JSON.
FORMS = {
    "article_json": JSON,
    "cite_csl": JSON,
    "citation_report_json": JSON,
    "citation_report_csv": TEXT,
    "article_markdown": TEXT,
    "cite_bibtex": TEXT,
    "article_picture": TEXT,
    "article_preview": HTML,
}


CITING = {"cite", "cite_bibtex", "cite_csl"}  # they take ?revision=


@dataclass(frozen=True)
class Gone:
    """When and why a text stopped being public; `reason` is "" if it had to be redacted itself."""

    at: datetime
    reason: str
    is_erased: bool = False

    @property
    def sentence(self):
        day = date_format(timezone.localtime(self.at), "DATE_FORMAT")
        values = {"day": day, "reason": visible_links(self.reason)}
        if self.is_erased:
            return gettext("This text was erased on %(day)s. Reason: %(reason)s") % values
        if not self.reason:
            return gettext("This article was unpublished on %(day)s.") % values
        return gettext("This article was unpublished on %(day)s. Reason: %(reason)s") % values


class ErasedText(Exception):
    """Raised by a view for a public revision whose text was erased."""

    def __init__(self, revision):
        self.gone = _erased(revision)
        super().__init__(self.gone.sentence)


def gone_or_404(request):
    """Return the 410 response for a URL of an article that was public and no longer is; Http404 for any other."""
    match = request.resolver_match
    slug = match.kwargs["slug"]
    article = unpublished_as(slug) or _unpublished(same_name("slug", slug))
    number = match.kwargs.get("number", request.GET.get("revision") if match.url_name in CITING else None)
    gone = article and _gone(article, number)
    if gone is None:
        raise Http404("There is no article here.")
    return gone_response(request, gone)


def unpublished_as(slug):
    """Return the article that was public with exactly this slug and no longer is, None if there is none."""
    return _unpublished(Q(slug=slug))


def _unpublished(condition):
    articles = Article.objects.addressed(condition)
    return articles.filter(published_revision=None, first_published_at__isnull=False).first()


def _erased(revision):
    return Gone(revision.erased_at, revision.erasure_reason, is_erased=True)


def _gone(article, number):
    """Return the `Gone` of an unpublished article, or of its revision `number` (an int or text); None if never public."""
    entries = LogEntry.objects.filter(article=article).select_related("revision").order_by("number")
    if number is not None:
        publications = entries.filter(action__in=PUBLICATIONS)
        revision = next((entry.revision for entry in publications if str(entry.revision.number) == str(number)), None)
        if revision is None:
            return None
        if revision.erased_at is not None:
            return _erased(revision)
    unpublished = entries.filter(action=LogEntry.Action.UNPUBLISHED).last()
    if unpublished is None:  # only by hand-written SQL
        return Gone(article.published_at, "")
    return Gone(unpublished.at, "" if unpublished.note == TOMBSTONE else unpublished.note)


def gone_response(request, gone):
    """Return the 410 response in the form of the requested address: a page, JSON (RFC 9457), plain text or a fragment."""
    name = request.resolver_match.url_name
    form = JSON if request.resolver_match.namespace else FORMS.get(name, "")
    if not form:
        response = public_page("410.html", gone=gone)
    elif form == JSON:
        value = {"type": "about:blank", "title": "Gone", "status": 410, "detail": gone.sentence}
        value |= {"gone_at": gone.at.isoformat(timespec="seconds"), "reason": gone.reason}
        response = HttpResponse(json.dumps(value, ensure_ascii=False), content_type=form)
    elif form == HTML:
        response = HttpResponse(
            render_to_string("articles/parts/article/_gone.html", {"gone": gone}), content_type=form
        )
    else:
        response = HttpResponse(f"{gone.sentence}\n", content_type=form)
    return as_gone(response)


def as_gone(response):
    """Return `response` with status 410, hidden from search engines."""
    response.status_code = 410
    response.headers["X-Robots-Tag"] = "noindex"
    return response
