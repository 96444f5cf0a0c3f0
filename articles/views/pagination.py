"""Pages by key: a list goes on behind a row and not at a number, so that a late page costs no more than the first."""

from dataclasses import dataclass

from django.db.models import Q
from django.shortcuts import get_object_or_404

from articles.models import Article


@dataclass(frozen=True)
class Page:
    """Some `rows` of a list; `last` is the one that the next page goes on behind, None where nothing follows."""

    rows: list
    last: object
    is_first: bool = True


def cut(rows, size):
    """The `Page` of the first `size` of `rows`, a query set or a list; one row more is read."""
    found = list(rows[: size + 1])
    return Page(found[:size], found[size - 1] if len(found) > size else None)


def page_of_articles(articles, slug, size):
    """The `Page` of `articles` (of `for_list()`) behind the published article with this slug, the first one if "".

    Raises Http404 if there is no such article.
    """
    if slug := slug.replace("\0", ""):  # PostgreSQL takes no NUL
        articles = articles.older_than(get_object_or_404(Article.objects.published(), slug=slug))
    page = cut(articles, size)
    return Page(page.rows, page.last, is_first=not slug)


def conditions_behind(columns, values):
    """What follows the row with `values` in the order of `columns` (a minus: descending), which are unique together.

    One condition for each column, each of which keeps to an index: first the rows that are equal but for the last
    column, then the rest. No column may be null.
    """
    conditions = []
    for count in reversed(range(len(columns))):
        column = columns[count]
        equal = Q(**{name.lstrip("-"): value for name, value in zip(columns[:count], values[:count], strict=True)})
        way = "lt" if column.startswith("-") else "gt"
        conditions.append(equal & Q(**{f"{column.lstrip('-')}__{way}": values[count]}))
    return conditions
