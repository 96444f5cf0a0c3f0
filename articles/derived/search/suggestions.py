"""Suggests titles and headings while someone types; the last word may be unfinished."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from articles.models import Article, SearchEntry

from .backends import NAMES, Range, rows
from .query import parse

SHOWN = 8
TITLES_SHOWN = 6  # if there are enough headings
_READ = 200  # rows of each kind, the oldest articles first
Kind = SearchEntry.Kind


@dataclass(frozen=True)
class Suggestion:
    """An article, or one of its sections if there is a `heading`."""

    title: str
    heading: str
    address: str


class _Row(NamedTuple):
    """The columns read of a title or heading."""

    article_id: int
    heading: str
    anchor: str
    size: int


def suggest(text):
    """Return at most `SHOWN` suggestions, articles before sections, shorter ones first."""
    query = parse(text, is_typing=True)
    if not query.terms:
        return []
    titles = _rows(query, Kind.TITLE)
    # Headings also match by their article's title. In that case only the title is suggested, not each heading.
    headings = _rows(replace(query, is_of_own=True), Kind.HEADING)
    titles = titles[: max(TITLES_SHOWN, SHOWN - len(headings))]
    suggested = (titles + headings)[:SHOWN]
    articles = Article.objects.published().filter(pk__in={row.article_id for row in suggested})
    by_pk = articles.select_related("published_revision").only("slug", "published_revision__title").in_bulk()
    return [
        Suggestion(
            article.published_revision.title,
            row.heading,
            f"{article.get_absolute_url()}#{row.anchor}" if row.heading else article.get_absolute_url(),
        )
        for row in suggested
        if (article := by_pk.get(row.article_id))
    ]


def _rows(query, kind):
    """Return the matching rows of a kind, shortest first."""
    matches = rows(query, NAMES, [Range(_READ, kind)], _Row._fields)
    return sorted((_Row(*values) for _, *values in matches), key=lambda row: row.size)
