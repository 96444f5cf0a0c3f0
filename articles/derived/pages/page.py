"""The public page of an article, which is made for the first who asks for it after something on it has changed."""

import re

from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse

from articles.derived.reviews import reviewers
from articles.derived.texts.stored_pages import has_stored_page
from articles.models import Article, Contributor, LogEntry, Rendering, Revision

from . import cite_this, json_ld
from .context import page_context
from .review_coverage import partial_review

CHANGES_SHOWN = 3


def refresh_page(article):
    """Outdate the page of `article` if it's published, and store how much of its text reviews cover."""
    revision = article.published_revision
    if revision is not None:
        is_stored = has_stored_page(article)
        partial = partial_of(revision, review_of(revision))
        Rendering.objects.filter(pk=revision.pk).update(page_changes=F("page_changes") + 1, partial_review=partial)
        if is_stored:
            _store_page(article)


def forget_other_pages(article):
    """Remove the pages of revisions of `article` that aren't published, and how much of their texts reviews cover."""
    others = Rendering.objects.filter(revision__article=article).exclude(revision=article.published_revision_id)
    others.exclude(page_html="", partial_review__isnull=True).update(page_html="", partial_review=None)


def refresh_stored_page(article):
    """Store the page of `article` again if the previous release has stored pages: it may serve beside this one.

    This release shows none of them. A site that it has set up has none, and to `rebuild` all texts deletes them.
    """
    if has_stored_page(article):
        _store_page(article)


def _store_page(article):
    article = Article.objects.with_page().get(pk=article.pk)
    Rendering.objects.filter(pk=article.published_revision_id).update(page_html=page_of(article))


def partial_of(revision, review):
    """Return how much of a published text the reviews up to `review` cover: `partial_review`, None also without one."""
    return None if review is None or review.is_override else partial_review(revision)


def page_of(article):
    """Return the HTML of the page of a published `article`, of which `published_revision` and its `rendering` are loaded.

    Takes a fixed number of queries.
    """
    revision = article.published_revision
    revision.article = article
    review = review_of(revision)
    reviewers.link([review])
    partial = revision.rendering.partial_review
    values = page_context(revision)
    writers = writers_of(revision)
    context = {
        "article": article,
        "is_current": True,
        "review": review,
        "partial_review": partial,
        "topics": list(article.topics.all()),
        "writers": writers,
        "cite": cite_this.block(article, revision, writers),
        "changes": changes_of(article),
        "structured_data": json_ld.script(
            article, revision, None if partial else review, values["recordings"], writers
        ),
        **values,
    }
    return render_to_string("articles/stored/page.html", context)


def preview_of(revision):
    """Return the HTML of the page as it would be with `revision`; what links to pages that aren't there yet is text."""
    article = revision.article
    if article.published_revision_id == revision.pk:
        return page_of(article)
    topics = list(article.topics.all())
    context = {"article": article, "topics": topics, "writers": writers_of(revision), **page_context(revision)}
    missing = reverse("article", args=[article.slug])
    if article.published_revision_id:
        missing = reverse("public_revision", args=[article.slug, revision.number])
    dead = re.compile(rf'<a\b(?=[^>]*\shref="{re.escape(missing)})[^>]*>')
    page = render_to_string("articles/stored/page.html", context)
    return dead.sub(lambda link: re.sub(r'\s(?:href|rel|aria-label)="[^"]*"', "", link[0]), page)


def review_of(revision):
    """Return the last approval or confirmation of `revision`, or None."""
    return revision.review_set.filter(decision__in=reviewers.FOUND_RIGHT).order_by("-pk").first()


def writers_of(revision):
    """Return {"names": authors of the text in order of contribution, "is_received": whether it was first imported}."""
    so_far = {"revision__article": revision.article_id, "revision__number__lte": revision.number}
    is_public = Q(revision__status=Revision.Status.APPROVED) | Q(revision=revision.pk)  # a preview's text would be
    written = Contributor.objects.filter(is_public, **so_far).exclude(revision__status=Revision.Status.RECEIVED)
    contributors = written.order_by("pk")
    names = list(dict.fromkeys(contributors.values_list("user_name", flat=True)))
    received = revision.article.revision_set.filter(number__lte=revision.number, status=Revision.Status.RECEIVED)
    return {"names": names, "is_received": received.exists()}


def changes_of(article):
    """Return the log entries of the latest publications with their revision, newest first; one query."""
    entries = LogEntry.objects.filter(article=article, action__in=reviewers.PUBLICATIONS).select_related("revision")
    return list(entries.order_by("-number")[:CHANGES_SHOWN])
