"""Finds the article that a received text is a delivery of, and the revision that holds the text already."""

import re
from dataclasses import replace

from articles.core.markdown import wiki_slug
from articles.importing.export import export_value
from articles.importing.recordings.episodes_file import show_handle
from articles.models import Article

SLUG_LIMIT = 200


def identity(article):
    """By what a later delivery finds the article: show and file name, or for an export its slug."""
    return asked_slug(article) if article.is_export else f"{show_handle(article.show_handle)}/{article.name}"[:400]


def received_as(article):
    return None if article.is_export else identity(article)


def asked_slug(article):
    """The slug that an article asks for: an export's own, else made of the file's name."""
    if article.is_export and re.fullmatch(r"[-\w]+", article.name):
        return article.name[:SLUG_LIMIT]
    return (wiki_slug(article.name) or wiki_slug(article.title) or "article")[:SLUG_LIMIT].strip("-")


def find(article):
    """The article that a received one is a delivery of, None if it is new."""
    articles = Article.objects.all()
    if article.is_export:
        slug = asked_slug(article)
        return articles.filter(slug=slug).first() or articles.filter(previousslug__slug=slug).first()
    found = articles.filter(received_as=received_as(article)).first()
    if found is None and article.kind == "text":  # our own export as text names no slug but that of its file
        found = articles.filter(slug=asked_slug(article)).first()
        return found if found is not None and _same(found, article) else None
    return found


def newest(article):
    return article.revision_set.order_by("-number").first()


def own_draft(article, by):
    return article.revision_set.open().filter(author=by).first()


def holding_of(found, article, digest):
    """The revision that is the received text word for word, None if there is none."""
    if found.received_digest == digest:
        return found.revision_set.filter(received_digest=digest, erased_at=None).order_by("-number").first()
    return _same(found, article)


def _same(found, article):
    """The published or newest revision, if it holds what an export says; else None."""
    if not (article.is_export or article.kind == "text"):
        return None
    for revision in filter(None, (found.published_revision, newest(found))):
        value = export_value(revision)
        if article.kind == "text":
            value = replace(value, notice="", language="", sources=())
        if value.digest() == article.digest():
            return revision
    return None


def lacks_recording(found, holding, by):
    """Whether the text as it was received is still the newest one, and cites no recording."""
    if holding is None or holding.source_set.exists():
        return False
    return holding == (own_draft(found, by) or newest(found))
