"""Titles and headings for somebody who is typing; the last word may be unfinished."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from articles.models import Article, SearchEntry

from .backends import NAMES, Range, rows
from .query import parse

SHOWN = 8
TITLES_SHOWN = 6  # as long as there are headings, too
_READ = 200  # rows of each kind, the oldest articles first
Kind = SearchEntry.Kind


@dataclass(frozen=True)
class Suggestion:
    """An article, or a section of it where there is a `heading`."""

    title: str
    heading: str
    address: str


class _Row(NamedTuple):
    """What is read of a title or a heading."""

    article_id: int
    heading: str
    anchor: str
    size: int


def suggest(text):
    """At most `SHOWN` suggestions, articles first, the shorter their titles the earlier."""
    query = parse(text, is_typing=True)
    if not query.terms:
        return []
    titles = _rows(query, Kind.TITLE)
    # A heading is found by its article's title, too: then the title is suggested, not each of its headings.
    headings = _rows(replace(query, is_of_own=True), Kind.HEADING)
    titles = titles[: max(TITLES_SHOWN, SHOWN - len(headings))]
    found = (titles + headings)[:SHOWN]
    articles = Article.objects.published().filter(pk__in={row.article_id for row in found})
    by_pk = {
        one.pk: one for one in articles.select_related("published_revision").only("slug", "published_revision__title")
    }
    return [_suggestion(by_pk[row.article_id], row) for row in found if row.article_id in by_pk]


def _rows(query, kind):
    """The shortest first."""
    found = rows(query, NAMES, [Range(_READ, kind)], _Row._fields)
    return sorted((_Row(*values) for _, *values in found), key=lambda row: row.size)


def _suggestion(article, row):
    address = article.get_absolute_url()
    title = article.published_revision.title
    if not row.heading:
        return Suggestion(title, "", address)
    return Suggestion(title, row.heading, f"{address}#{row.anchor}")
