"""Articles, the texts that were public of them, and what they cite."""

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
CHANGED = "The article has another text since this list began. Ask for it again without “cursor”."


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
    topic: Annotated[str | None, Query(description="Only those filed under this topic.", examples=["sleep"])] = None,
    show: Annotated[
        str | None, Query(description="Only those that draw on this show.", examples=["night-talks"])
    ] = None,
    episode: EpisodeReference = None,
    limit: Limit = pagination.LIMIT,
    cursor: Cursor = None,
):
    """Those that went out last come first. An article that gets another text moves to the front."""
    after = pagination.read(cursor, "articles", pagination.datetime, int)
    found = Article.objects.for_list().prefetch_related(Prefetch("topics", Topic.objects.order_by("title")))
    if topic is not None:
        found = found.filter(topics=topic_named(topic))
    if show is not None:
        found = found.filter(published_revision__in=_citing(episode__show=show_named(show)))
    if episode is not None:
        found = found.filter(published_revision__in=_citing(episode=episode_named(episode)))
    if after:
        found = found.older_than(SimpleNamespace(published_at=after[0], pk=after[1]))
    shown, following = pagination.page(request, found, limit, _cursor_of)
    root = origin(request)
    return {"next": following, "results": [serializers.article_entry(one, root) for one in shown]}


def _citing(**what):
    return Source.objects.filter(**what).values("revision")


def _cursor_of(article):
    return pagination.written("articles", article.published_at, article.pk)


@api.get(
    "/articles/{name:slug}/",
    response={200: schemas.Article, **PROBLEMS},
    operation_id="article",
    url_name="article",
    summary="An article with its whole text",
    tags=["Articles"],
)
def article(request, slug: str):
    """The same as the file at the article’s address with .json. An earlier slug leads to the present one (301)."""
    found = published(slug)
    if found is None:
        return _moved(request, slug)
    return serializers.article(found, origin(request))


@api.get(
    "/articles/{name:slug}/citations/",
    response={200: schemas.CitationsOfArticle, **PROBLEMS},
    operation_id="article_citations",
    url_name="article_citations",
    summary="What an article cites",
    tags=["Articles"],
)
def article_citations(request, slug: str, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """In the order of the text."""
    found = published(slug)
    if found is None:
        return _moved(request, slug)
    revision = found.published_revision
    after = pagination.read(cursor, "article_citations", int, int)
    citations = revision.citation_set.select_related("finding", "episode__show", "section").order_by("position")
    if after:
        if after[0] != revision.pk:
            raise HttpError(400, CHANGED)
        citations = citations.filter(position__gt=after[1])
    shown, following = pagination.page(
        request, citations, limit, lambda one: pagination.written("article_citations", revision.pk, one.position)
    )
    root = origin(request)
    page = f"{root}{found.get_absolute_url()}"
    entries = [
        serializers.citation_of(citation, labels.label_of(found), page, root)
        for citation, found in status.of_revision(revision, shown)
    ]
    return {"next": following, "results": entries}


@api.get(
    "/articles/{name:slug}/revisions/",
    response={200: schemas.Revisions, **PROBLEMS},
    operation_id="article_revisions",
    url_name="article_revisions",
    summary="The texts of an article that are or were public",
    tags=["Articles"],
)
def article_revisions(request, slug: str, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """The highest number first. No other text of it is here."""
    found = published(slug)
    if found is None:
        return _moved(request, slug)
    after = pagination.read(cursor, "article_revisions", int)
    texts = [one for one in _public_periods(found) if not after or one[0].revision.number < after[0]]
    shown, following = pagination.page(
        request, texts, limit, lambda one: pagination.written("article_revisions", one[0].revision.number)
    )
    root = origin(request)
    return {"next": following, "results": [serializers.revision_entry(found, periods, root) for periods in shown]}


@api.get(
    "/articles/{name:slug}/revisions/{int:number}/",
    response={200: schemas.Revision, **PROBLEMS},
    operation_id="article_revision",
    url_name="article_revision",
    summary="One of these texts",
    tags=["Articles"],
)
def article_revision(request, slug: str, number: int):
    """Of a text that was erased it says when and why, and nothing of what it said."""
    found = published(slug)
    if found is None:
        return _moved(request, slug, number)
    for periods in _public_periods(found):
        if periods[0].revision.number == number:
            return serializers.revision(found, periods, origin(request))
    raise Http404("There is no such text of this article that is or was public: …/revisions/ lists those that are.")


@api.get(
    "/citations/",
    response={200: schemas.Citations, **PROBLEMS},
    operation_id="citations",
    url_name="citations",
    summary="What all published articles cite",
    tags=["Citations"],
)
def citations(
    request,
    episode: EpisodeReference = None,
    state: Annotated[schemas.State | None, Query(description="Only those that stand so.", examples=["missing"])] = None,
    limit: Limit = pagination.LIMIT,
    cursor: Cursor = None,
):
    """Episode by episode, in each in time order."""
    return citations_page(request, episode and episode_named(episode), state, limit, cursor)


def citations_page(request, episode=None, state=None, limit=pagination.LIMIT, cursor=None):
    """A page of public citations, of `episode` and in `state` where they are given."""
    after = pagination.read(cursor, "citations", int, int, int)
    found = Citation.objects.filter(is_public=True, revision__published_for__isnull=False)
    if episode is not None:
        found = found.filter(episode=episode)
    if state is not None:
        found = status.in_state(found, state)
    if after:
        found = found.filter(reduce(or_, conditions_behind(CITATION_ORDER, after)))
    found = found.select_related("finding", "section", "episode__show", "revision__published_for")
    shown, following = pagination.page(
        request,
        found.order_by(*CITATION_ORDER),
        limit,
        lambda one: pagination.written("citations", one.episode_id, one.start_seconds, one.pk),
    )
    return {"next": following, "results": serializers.citations_in_articles(shown, origin(request))}


def _public_periods(article):
    """The texts of `article` that are or were public, each as its periods, newest first; the highest number first."""
    by_number = sorted(periods_of(article), key=lambda period: (-period.revision.number, -period.since.timestamp()))
    return [list(periods) for _, periods in groupby(by_number, key=lambda period: period.revision.number)]


def _moved(request, slug, *names):
    """To the article that once had this slug, at the same address of the API and with the same parameters; else 404."""
    query = request.META.get("QUERY_STRING")
    return redirect_moved(slug, request.resolver_match.view_name, *names, query=query)
