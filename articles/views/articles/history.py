"""An article's public history: which revisions were public, when and why, and the text of each."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from django.http import Http404

from articles.derived.pages.context import page_context
from articles.derived.pages.review_coverage import chain_of
from articles.derived.reviews import reviewers
from articles.models import LogEntry, Review, Revision
from articles.views import diff
from articles.views.base import published_or_redirect
from articles.views.http import public_page, public_view
from articles.views.http.gone import as_gone
from articles.workflow.collaboration.follow_ups import public_answers
from articles.workflow.history import audit_log


@dataclass(frozen=True)
class Period:
    """A period during which a revision was public; `until` is None if it still is.

    `approval` is the review that approved it, None for an imported text published without a review. `later` is the
    review after publication, of a revision that was published without a second review or of the whole text.
    `covers_all` is false if the text was built from one that nobody reviewed, so that the approval covers only what
    changed since. `entry` is the log entry of the publication. `replaced` is the text that was public before, None if
    there was none or it was the same. `answers` are the public answers to readers whose correction requests led to it,
    None without any.
    """

    revision: Revision
    since: datetime
    until: datetime | None
    approval: Review | None
    later: Review | None
    covers_all: bool
    entry: LogEntry
    replaced: Revision | None
    answers: tuple[str, ...] | None = None

    @property
    def compared(self):
        """The text that the page of this revision compares it with, None if there is nothing to compare."""
        texts = self.replaced, self.revision
        return self.replaced if all(text and text.erased_at is None for text in texts) else None

    @property
    def review(self):
        """The review that says most: the later one of the whole text, or the first by another person; else None."""
        is_alone = self.approval is None or self.approval.is_override
        return self.later if is_alone or (self.later and self.later.covers_all) else self.approval


def periods_of(article):
    """Return the `Period`s of `article`, newest first, in three queries; without `answers`."""
    publications = audit_log.publications(article)
    published = {revision.pk for revision, *_ in publications}
    rows = list(Review.objects.filter(revision__in=published, decision__in=reviewers.FOUND_RIGHT).order_by("pk"))
    reviewers.link(rows)
    approvals = {review.revision_id: review for review in rows if not review.is_later}
    later = {review.revision_id: review for review in rows if review.is_later}
    wholes = {review.revision_id for review in rows if review.covers_all}
    found_right = {review.revision_id for review in rows if not review.is_override}
    targets = {revision.pk: revision.target_id for revision, *_ in publications}
    return [
        Period(
            revision,
            since,
            until,
            approvals.get(revision.pk),
            later.get(revision.pk),
            covers_all=found_right.issuperset(chain_of(revision.pk, targets, wholes - {revision.pk})),
            entry=entry,
            replaced=before[0] if before and before[0].pk != revision.pk else None,
        )
        for (revision, since, until, entry), before in zip_longest(publications, publications[1:])
    ]


@public_view
@published_or_redirect()
def article_history(request, article):
    periods = periods_of(article)
    answers = public_answers({period.revision.pk for period in periods})
    return public_page(
        "articles/pages/article/history.html",
        article=article,
        current=article.published_revision,
        periods=[replace(period, answers=answers.get(period.revision.pk)) for period in periods],
    )


@public_view
@published_or_redirect()
def revision(request, article, number):
    """The permanent link to a text that is or was public, 410 if it was erased; any other is a 404 for everyone."""
    periods = [period for period in periods_of(article) if period.revision.number == number]
    if not periods:
        raise Http404("This article has no public revision with this number.")
    requested, current = periods[0].revision, article.published_revision
    requested.article = article
    is_current, is_erased = requested.pk == current.pk, requested.erased_at is not None
    text = {} if is_erased else page_context(requested, has_excerpts=is_current)
    response = public_page(
        "articles/pages/article/revision.html",
        **{"revision": requested, "rendering": None, **text},
        article=article,
        current=current,
        periods=periods,
        is_current=is_current,
        changes=_changes(periods, requested),
        since=None if is_current or is_erased else diff.compare(requested, current),
    )
    return as_gone(response) if is_erased else response


def _changes(periods, requested):
    """Return pairs (text that was replaced, comparison of `requested` with it), newest first, and each text once.

    There are several only if `requested` was published again after another text.
    """
    replaced = {period.compared.pk: period.compared for period in periods if period.compared}
    return [(text, diff.compare(text, requested)) for text in replaced.values()]
