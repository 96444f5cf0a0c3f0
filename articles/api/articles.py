"""API operations for articles, their public revisions and their citations."""

from functools import reduce
from itertools import groupby
from operator import or_
from types import SimpleNamespace
from typing import Annotated

from django.db.models import Prefetch
from django.http import Http404
from ninja import Query
from ninja.errors import HttpError

from articles.derived.checks import labels, status
from articles.models import Article, Citation, Source, Topic
from articles.views import serializers
from articles.views.base import published, redirect_moved
from articles.views.history import periods_of
from articles.views.http import origin
from articles.views.pagination import conditions_behind

from . import pagination
from .base import api
from .params import Cursor, EpisodeReference, Limit, episode_named, show_named, topic_named
from .schemas import articles as schemas
from .schemas.base import PROBLEMS

CITATION_ORDER = ["episode_id", "start_seconds", "pk"]
CHANGED = "The article has changed since the first page of this list. Start again without “cursor”."


@api.get(
    "/articles/",
    response={200: schemas.Articles, **PROBLEMS},
    operation_id="articles",
    url_name="articles",
    summary="Published articles",
    tags=["Articles"],
)
def articles(
    request,
    topic: Annotated[str | None, Query(description="Only articles with this topic.", examples=["sleep"])] = None,
    show: Annotated[
        str | None, Query(description="Only articles that cite this show.", examples=["night-talks"])
    ] = None,
    episode: EpisodeReference = None,
    limit: Limit = pagination.LIMIT,
    cursor: Cursor = None,
):
    """Newest first. An article with a new version moves to the front."""
    after = pagination.decode_cursor(cursor, "articles", pagination.datetime, int)
    rows = Article.objects.for_list().prefetch_related(Prefetch("topics", Topic.objects.order_by("title")))
    if topic is not None:
        rows = rows.filter(topics=topic_named(topic))
    if show is not None:
        rows = rows.filter(published_revision__in=_revisions_citing(episode__show=show_named(show)))
    if episode is not None:
        rows = rows.filter(published_revision__in=_revisions_citing(episode=episode_named(episode)))
    if after:
        rows = rows.older_than(SimpleNamespace(published_at=after[0], pk=after[1]))
    page, next_url = pagination.paginate(request, rows, limit, _cursor_after)
    root = origin(request)
    return {"next": next_url, "results": [serializers.article_entry(article, root) for article in page]}


def _revisions_citing(**conditions):
    return Source.objects.filter(**conditions).values("revision")


def _cursor_after(article):
    return pagination.encode_cursor("articles", article.published_at, article.pk)


@api.get(
    "/articles/{name:slug}/",
    response={200: schemas.Article, **PROBLEMS},
    operation_id="article",
    url_name="article",
    summary="An article with its full text",
    tags=["Articles"],
)
def article(request, slug: str):
    """The same as the article’s .json file. An earlier slug redirects to the current one (301)."""
    article = published(slug)
    if article is None:
        return _redirect_moved(request, slug)
    return serializers.article(article, origin(request))


@api.get(
    "/articles/{name:slug}/citations/",
    response={200: schemas.CitationsOfArticle, **PROBLEMS},
    operation_id="article_citations",
    url_name="article_citations",
    summary="Citations of an article",
    tags=["Articles"],
)
def article_citations(request, slug: str, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """In article order."""
    article = published(slug)
    if article is None:
        return _redirect_moved(request, slug)
    revision = article.published_revision
    after = pagination.decode_cursor(cursor, "article_citations", int, int)
    citations = revision.citation_set.select_related("finding", "episode__show", "section").order_by("position")
    if after:
        if after[0] != revision.pk:
            raise HttpError(400, CHANGED)
        citations = citations.filter(position__gt=after[1])
    page, next_url = pagination.paginate(
        request,
        citations,
        limit,
        lambda citation: pagination.encode_cursor("article_citations", revision.pk, citation.position),
    )
    root = origin(request)
    article_url = f"{root}{article.get_absolute_url()}"
    entries = [
        serializers.citation_of(citation, labels.label_of(citation_status), article_url, root)
        for citation, citation_status in status.of_revision(revision, page)
    ]
    return {"next": next_url, "results": entries}


@api.get(
    "/articles/{name:slug}/revisions/",
    response={200: schemas.Revisions, **PROBLEMS},
    operation_id="article_revisions",
    url_name="article_revisions",
    summary="Public revisions of an article",
    tags=["Articles"],
)
def article_revisions(request, slug: str, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """Every revision that is or was public, highest number first."""
    article = published(slug)
    if article is None:
        return _redirect_moved(request, slug)
    after = pagination.decode_cursor(cursor, "article_revisions", int)
    rows = [periods for periods in _public_periods(article) if not after or periods[0].revision.number < after[0]]
    page, next_url = pagination.paginate(
        request, rows, limit, lambda periods: pagination.encode_cursor("article_revisions", periods[0].revision.number)
    )
    root = origin(request)
    return {"next": next_url, "results": [serializers.revision_entry(article, periods, root) for periods in page]}


@api.get(
    "/articles/{name:slug}/revisions/{int:number}/",
    response={200: schemas.Revision, **PROBLEMS},
    operation_id="article_revision",
    url_name="article_revision",
    summary="A public revision",
    tags=["Articles"],
)
def article_revision(request, slug: str, number: int):
    """For an erased revision, only when and why it was erased; its text is null."""
    article = published(slug)
    if article is None:
        return _redirect_moved(request, slug, number)
    for periods in _public_periods(article):
        if periods[0].revision.number == number:
            return serializers.revision(article, periods, origin(request))
    raise Http404("This article has no public revision with that number. See …/revisions/ for the list.")


@api.get(
    "/citations/",
    response={200: schemas.Citations, **PROBLEMS},
    operation_id="citations",
    url_name="citations",
    summary="Citations of all published articles",
    tags=["Citations"],
)
def citations(
    request,
    episode: EpisodeReference = None,
    state: Annotated[
        schemas.State | None, Query(description="Only citations with this status.", examples=["missing"])
    ] = None,
    limit: Limit = pagination.LIMIT,
    cursor: Cursor = None,
):
    """Grouped by episode, by timestamp within each."""
    return citations_page(request, episode and episode_named(episode), state, limit, cursor)


def citations_page(request, episode=None, state=None, limit=pagination.LIMIT, cursor=None):
    """Return a page of public citations, optionally only those of `episode` and those in `state`."""
    after = pagination.decode_cursor(cursor, "citations", int, int, int)
    rows = Citation.objects.filter(is_public=True, revision__published_for__isnull=False)
    if episode is not None:
        rows = rows.filter(episode=episode)
    if state is not None:
        rows = status.in_state(rows, state)
    if after:
        rows = rows.filter(reduce(or_, conditions_behind(CITATION_ORDER, after)))
    rows = rows.select_related("finding", "section", "episode__show", "revision__published_for")
    page, next_url = pagination.paginate(
        request,
        rows.order_by(*CITATION_ORDER),
        limit,
        lambda row: pagination.encode_cursor("citations", row.episode_id, row.start_seconds, row.pk),
    )
    return {"next": next_url, "results": serializers.citations_in_articles(page, origin(request))}


def _public_periods(article):
    """Return the periods of each revision that is or was public, newest first; the highest number comes first."""
    by_number = sorted(periods_of(article), key=lambda period: (-period.revision.number, -period.since.timestamp()))
    return [list(periods) for _, periods in groupby(by_number, key=lambda period: period.revision.number)]


def _redirect_moved(request, slug, *args):
    """Redirect to the same endpoint and query for the article that used to have this slug, or raise Http404."""
    query = request.META.get("QUERY_STRING")
    return redirect_moved(slug, request.resolver_match.view_name, *args, query=query)
