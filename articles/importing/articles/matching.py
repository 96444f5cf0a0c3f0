"""Finds the existing article for a received text, and the revision that already holds the text."""

import re
from dataclasses import replace

from articles.core.markdown import wiki_slug
from articles.importing.export import export_value
from articles.importing.recordings.episodes_file import show_handle
from articles.models import Article, Revision, same_name

SLUG_LIMIT = 200


def identity(article):
    """Return what identifies the article in a later delivery: show and file name, or the slug of an export."""
    return requested_slug(article) if article.is_export else f"{show_handle(article.show_handle)}/{article.name}"[:400]


def received_as(article):
    return None if article.is_export else identity(article)


def requested_slug(article):
    """Return an export's own slug, otherwise one made from the file name."""
    if article.is_export and re.fullmatch(r"[-\w]+", article.name):
        return article.name[:SLUG_LIMIT]
    return (wiki_slug(article.name) or wiki_slug(article.title) or "article")[:SLUG_LIMIT].strip("-")


def find(article):
    """Return the existing article for a received one, None if it is new."""
    articles = Article.objects.all()
    if article.is_export:
        slug = requested_slug(article)
        return articles.filter(slug=slug).first() or articles.filter(previousslug__slug=slug).first()
    existing = _received_before(article)
    if existing is None and article.kind == "text":  # plain-text exports carry their slug only in the file name
        existing = articles.filter(slug=requested_slug(article)).first()
        return existing if existing is not None and _same(existing, article) else None
    return existing


def _received_before(article):
    """Return the article of the same show and file name; two shows can't differ in case alone, but two files can."""
    name, file_name = received_as(article), f"/{article.name}"
    if not name.isascii() and (exact := Article.objects.filter(received_as=name).first()):  # the search below is slow
        return exact
    known = [
        row for row in Article.objects.filter(same_name("received_as", name)) if row.received_as.endswith(file_name)
    ]
    return min(known, key=lambda row: (row.received_as != name, row.received_as), default=None)


def newest(article):
    return article.revision_set.order_by("-number").first()


def own_draft(article, by):
    return article.revision_set.open().filter(author=by).first()


def revision_holding(existing, article, digest):
    """Return the revision with exactly the received text, None if there is none."""
    if existing.received_digest == digest:
        return existing.revision_set.filter(received_digest=digest, erased_at=None).order_by("-number").first()
    return _same(existing, article)


def _same(existing, article):
    """Return the published or newest revision if it equals the export `article`, else None."""
    if not (article.is_export or article.kind == "text"):
        return None
    for revision in filter(None, (existing.published_revision, newest(existing))):
        value = export_value(revision)
        if article.kind == "text":
            value = replace(value, notice="", language="", sources=())
        if value.digest() == article.digest():
            return revision
    return None


def discarded_text(existing, holding):
    """Return the newest discarded revision of a text that was imported before, None if it or what continues it is kept.

    `holding` is the revision with exactly this text; None if it was edited here, which the article’s first one begins.
    """
    if holding is not None and holding.status != Revision.Status.DISCARDED:
        return None
    continuing = {}
    for revision in existing.revision_set.order_by("number"):
        if holding is None or revision == holding or revision.base_id in continuing:
            continuing[revision.pk] = revision
    if any(revision.status != Revision.Status.DISCARDED for revision in continuing.values()):
        return None
    return max(continuing.values(), key=lambda revision: revision.number, default=None)


def lacks_recording(existing, holding, by):
    """Return whether the imported text is still the newest one and has no recording."""
    if holding is None or holding.status == Revision.Status.DISCARDED or holding.source_set.exists():
        return False
    return holding == (own_draft(existing, by) or newest(existing))
