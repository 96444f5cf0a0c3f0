"""Keyset pagination: the next page starts after a row rather than at an offset, so late pages cost no more."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.http import Http404

from articles.models import Article


@dataclass(frozen=True)
class Page:
    """Some `rows` of a list; the next page starts after the row `last`, which is None on the last page."""

    rows: list
    last: object
    is_first: bool = True


def cut(rows, size):
    """Return the `Page` of the first `size` of `rows`, a query set or a list; reads one row more."""
    head = list(rows[: size + 1])
    return Page(head[:size], head[size - 1] if len(head) > size else None)


def page_of_articles(articles, slug, size):
    """Return the `Page` of `articles` (from `for_list()`) after the article `slug`, the first page if "".

    The article may have been unpublished or got another slug since its list was opened; it keeps its place. Raises
    Http404 if no article that was ever published had that slug.
    """
    if slug:
        named = Article.objects.filter(published_at__isnull=False).addressed(Q(slug=slug))
        last = max(named, key=lambda article: article.slug == slug, default=None)
        if last is None:
            raise Http404("This page of the list doesn't exist.")
        articles = articles.older_than(last)
    page = cut(articles, size)
    return Page(page.rows, page.last, is_first=not slug)


def conditions_behind(columns, values):
    """Return the conditions for rows that follow the row with `values` in the order of `columns`.

    A leading minus means descending. The columns are unique together and not null. There is one condition per column,
    each of which can use an index: first for rows equal in all but the last column, then for the rest.
    """
    conditions = []
    for count in reversed(range(len(columns))):
        column = columns[count]
        equal = Q(**{name.lstrip("-"): value for name, value in zip(columns[:count], values[:count], strict=True)})
        lookup = "lt" if column.startswith("-") else "gt"
        conditions.append(equal & Q(**{f"{column.lstrip('-')}__{lookup}": values[count]}))
    return conditions


def behind(rows, columns, values):
    """Return `rows` in the order of `columns`, from after the row with `values`; all of them if that is None.

    The first column is limited on its own, too, so that databases start to read its index there.
    """
    if values is not None:
        first = columns[0]
        bound = f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}"
        rows = rows.filter(reduce(or_, conditions_behind(columns, values)), **{bound: values[0]})
    return rows.order_by(*columns)


def batches(rows, columns, size):
    """Yield all `rows` in the order of `columns`, as lists of `size` rows at most; one query each."""
    values = None
    while True:
        page = cut(behind(rows, columns, values), size)
        yield page.rows
        if page.last is None:
            return
        values = [getattr(page.last, column.lstrip("-")) for column in columns]
