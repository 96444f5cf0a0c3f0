"""Stores the public page of an article when something changes, so that a request renders nothing."""

from django.template.loader import render_to_string

from articles.derived import reviewers
from articles.models import Contributor, LogEntry, Rendering, Revision

from . import cite_this, json_ld
from .context import page_context
from .review_coverage import partial_review

CHANGES_SHOWN = 3


def store_page(article):
    """Render and store the page of `article` if it's published, and delete the pages of its other revisions.

    The `published_revision` and its `rendering` should be loaded.
    """
    revision = article.published_revision
    others = Rendering.objects.filter(revision__article=article).exclude(revision=article.published_revision_id)
    others.exclude(page_html="", partial_review__isnull=True).update(page_html="", partial_review=None)
    if revision is not None:
        html, partial = page_of(article)
        Rendering.objects.filter(pk=revision.pk).update(page_html=html, partial_review=partial)


def page_of(article):
    """Return the page of a published `article`, and how much of it reviews cover (`partial_review`); writes nothing."""
    revision = article.published_revision
    revision.article = article
    review = review_of(revision)
    reviewers.link([review])
    partial = partial_review(revision) if review is not None and not review.is_override else None
    values = page_context(revision)
    writers = writers_of(revision)
    context = {
        "article": article,
        "review": review,
        "partial_review": partial,
        "topics": list(article.topics.all()),
        "writers": writers,
        "cite": cite_this.block(article, revision, writers),
        "changes": changes_of(article),
        "structured_data": json_ld.script(article, revision, None if partial else review, values["recordings"]),
        **values,
    }
    return render_to_string("articles/stored/page.html", context), partial


def review_of(revision):
    """Return the last approval or confirmation of `revision`, or None."""
    return revision.review_set.filter(decision__in=reviewers.FOUND_RIGHT).order_by("-pk").first()


def writers_of(revision):
    """Return {"names": authors of the text in order of contribution, "is_received": whether it was first imported}."""
    so_far = {"revision__article": revision.article_id, "revision__number__lte": revision.number}
    contributors = Contributor.objects.filter(**so_far, revision__status=Revision.Status.APPROVED).order_by("pk")
    names = list(dict.fromkeys(contributors.values_list("user_name", flat=True)))
    received = revision.article.revision_set.filter(number__lte=revision.number, status=Revision.Status.RECEIVED)
    return {"names": names, "is_received": received.exists()}


def changes_of(article):
    """Return the log entries of the latest publications with their revision, newest first; one query."""
    entries = LogEntry.objects.filter(article=article, action__in=reviewers.PUBLICATIONS).select_related("revision")
    return list(entries.order_by("-number")[:CHANGES_SHOWN])
