"""The published article as readers see it: rendered once when something changes, so that a request renders nothing."""

from django.template.loader import render_to_string

from articles.derived import reviewers
from articles.models import Contributor, LogEntry, Rendering, Review, Revision

from . import cite_this, json_ld
from .context import page_context

CHANGES_SHOWN = 3


def store_page(article):
    """Render and store the page of what `article` shows, nothing where it isn't published; no other row changes.

    `article` has its `published_revision` and that one's `rendering` at hand.
    """
    revision = article.published_revision
    if revision is None:
        return
    revision.article = article
    review = review_of(revision)
    reviewers.link([review])
    shown = page_context(revision)
    writers = writers_of(revision)
    context = {
        "article": article,
        "review": review,
        "topics": list(article.topics.all()),
        "writers": writers,
        "cite": cite_this.block(article, revision, writers),
        "changes": changes_of(article),
        "structured_data": json_ld.script(article, revision, review, shown["recordings"]),
        **shown,
    }
    html = render_to_string("articles/stored/page.html", context)
    Rendering.objects.filter(pk=revision.pk).update(page_html=html)


def review_of(revision):
    """The last review that found the revision right, None where there was none."""
    found_right = [Review.Decision.APPROVED, Review.Decision.CONFIRMED]
    return revision.review_set.filter(decision__in=found_right).order_by("-pk").first()


def writers_of(revision):
    """Who wrote the text: {"names": in the order in which they came, "is_received": whether it first came from elsewhere}."""
    so_far = {"revision__article": revision.article_id, "revision__number__lte": revision.number}
    found = Contributor.objects.filter(**so_far, revision__status=Revision.Status.APPROVED).order_by("pk")
    names = list(dict.fromkeys(found.values_list("user_name", flat=True)))
    received = revision.article.revision_set.filter(number__lte=revision.number, status=Revision.Status.RECEIVED)
    return {"names": names, "is_received": received.exists()}


def changes_of(article):
    """The last texts that readers were shown, newest first, as log entries with their revision; one query."""
    moves = [LogEntry.Action.PUBLISHED, LogEntry.Action.PUBLISHED_AS_RECEIVED]
    entries = LogEntry.objects.filter(article=article, action__in=moves).select_related("revision")
    return list(entries.order_by("-number")[:CHANGES_SHOWN])
