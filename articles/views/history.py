"""What the public may know of an article's past: which texts readers were shown, when and why, and each of them."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.views.decorators.http import require_safe

from articles.derived import reviewers
from articles.derived.pages import article as pages
from articles.models import Article, Review, Revision
from articles.workflow import audit_log

from . import diff
from .base import public_page, public_view, redirect_moved


@dataclass(frozen=True)
class Period:
    """A time for which a revision was public: `until` is None while it is.

    `approval` is the review that let it out, None where it went out as received; `later` is the review after the
    fact of one that was published without a second review.
    """

    revision: Revision
    since: datetime
    until: datetime | None
    approval: Review | None
    later: Review | None


def periods_of(article):
    """The periods of `article`, newest first: three queries."""
    publications = audit_log.publications(article)
    reviews = {Review.Decision.APPROVED: {}, Review.Decision.CONFIRMED: {}}
    decided = Review.objects.filter(revision__in={revision.pk for revision, *_ in publications}, decision__in=reviews)
    decided = list(decided.order_by("pk"))
    reviewers.link(decided)
    for review in decided:
        reviews[review.decision][review.revision_id] = review
    approvals, confirmations = reviews.values()
    return [
        Period(revision, since, until, approvals.get(revision.pk), confirmations.get(revision.pk))
        for revision, since, until, _ in publications
    ]


def _article(slug):
    """The published article with this slug and its revision, or None."""
    return Article.objects.published().select_related("published_revision").filter(slug=slug).first()


@require_safe
@public_view
def article_history(request, slug):
    article = _article(slug)
    if article is None:
        return redirect_moved(slug, "article_history")
    return public_page(
        "articles/pages/article/history.html",
        article=article,
        current=article.published_revision,
        periods=periods_of(article),
    )


@require_safe
@public_view
def revision(request, slug, number):
    """The permanent address of a text that is or was public; one that never was is not there, whoever asks."""
    article = _article(slug)
    if article is None:
        return redirect_moved(slug, "public_revision", number)
    periods = [period for period in periods_of(article) if period.revision.number == number]
    if not periods:
        raise Http404("There is no such revision here.")
    shown, current = periods[0].revision, article.published_revision
    current.article = article
    is_current, is_erased = shown.pk == current.pk, shown.erased_at is not None
    text = {} if is_erased else pages.values(shown)
    return public_page(
        "articles/pages/article/revision.html",
        **{"revision": shown, "rendering": None, **text},
        article=article,
        current=current,
        periods=periods,
        is_current=is_current,
        since=None if is_current or is_erased else diff.compare(shown, current),
    )
