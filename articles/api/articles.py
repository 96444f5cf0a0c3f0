"""API operations for articles, their public revisions and their citations."""

from itertools import groupby
from operator import attrgetter
from types import SimpleNamespace
from typing import Annotated

from django.db.models import Prefetch
from django.http import Http404
from ninja import Query
from ninja.errors import HttpError

from articles.derived.checks import labels, status
from articles.derived.reviews import review_states
from articles.models import Article, Citation, Source, Topic
from articles.views import serializers
from articles.views.articles.history import periods_of
from articles.views.base import published, redirect_moved
from articles.views.http import origin
from articles.views.http.pagination import behind

from . import pagination
from .base import operation
from .params import Cursor, EpisodeReference, Limit, episode_named, show_named, topic_named
from .schemas import articles as schemas
from .schemas.base import PROBLEMS_OF_ARTICLES

CITATION_ORDER = ["episode_id", "start_seconds", "pk"]
CHANGED = "The article has changed since the first page of this list. Start again without “cursor”."


@operation("/articles/", schemas.Articles, "Published articles", tag="Articles")
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
    page, next_url = pagination.paginate(request, "articles", rows, limit, lambda row: (row.published_at, row.pk))
    review_states.set_states(article.published_revision for article in page)
    root = origin(request)
    return {"next": next_url, "results": [serializers.article_entry(article, root) for article in page]}


def _revisions_citing(**conditions):
    return Source.objects.filter(**conditions).values("revision")


@operation(
    "/articles/{name:slug}/",
    schemas.Article,
    "An article with its full text",
    tag="Articles",
    problems=PROBLEMS_OF_ARTICLES,
)
def article(request, slug: str):
    """The same as the article’s .json file. An earlier slug redirects to the current one (301)."""
    article = published(slug)
    if article is None:
        return redirect_moved(request)
    return serializers.article(article, origin(request))


@operation(
    "/articles/{name:slug}/citations/",
    schemas.CitationsOfArticle,
    "Citations of an article",
    tag="Articles",
    problems=PROBLEMS_OF_ARTICLES,
)
def article_citations(request, slug: str, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """In article order."""
    article = published(slug)
    if article is None:
        return redirect_moved(request)
    revision = article.published_revision
    after = pagination.decode_cursor(cursor, "article_citations", int, int)
    citations = revision.citation_set.select_related("finding", "episode__show", "section").order_by("position")
    if after:
        if after[0] != revision.pk:
            raise HttpError(400, CHANGED)
        citations = citations.filter(position__gt=after[1])
    page, next_url = pagination.paginate(
        request, "article_citations", citations, limit, lambda row: (revision.pk, row.position)
    )
    root = origin(request)
    article_url = f"{root}{article.get_absolute_url()}"
    entries = [
        serializers.citation_of(citation, labels.label_of(citation_status), article_url, root)
        for citation, citation_status in status.of_revision(revision, page)
    ]
    return {"next": next_url, "results": entries}


@operation(
    "/articles/{name:slug}/revisions/",
    schemas.Revisions,
    "Public revisions of an article",
    tag="Articles",
    problems=PROBLEMS_OF_ARTICLES,
)
def article_revisions(request, slug: str, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """Every revision that is or was public, highest number first."""
    article = published(slug)
    if article is None:
        return redirect_moved(request)
    after = pagination.decode_cursor(cursor, "article_revisions", int)
    rows = [periods for periods in _public_periods(article) if not after or periods[0].revision.number < after[0]]
    page, next_url = pagination.paginate(
        request, "article_revisions", rows, limit, lambda periods: (periods[0].revision.number,)
    )
    root = origin(request)
    return {"next": next_url, "results": [serializers.revision_entry(article, periods, root) for periods in page]}


@operation(
    "/articles/{name:slug}/revisions/{int:number}/",
    schemas.Revision,
    "A public revision",
    tag="Articles",
    problems=PROBLEMS_OF_ARTICLES,
)
def article_revision(request, slug: str, number: int):
    """For an erased revision, only when and why it was erased; its text is null."""
    article = published(slug)
    if article is None:
        return redirect_moved(request)
    for periods in _public_periods(article):
        if periods[0].revision.number == number:
            return serializers.revision(article, periods, origin(request))
    raise Http404("This article has no public revision with that number. See …/revisions/ for the list.")


@operation("/citations/", schemas.Citations, "Citations of all published articles", tag="Citations")
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
    return citations_page(request, None if episode is None else episode_named(episode), state, limit, cursor)


def citations_page(request, episode=None, state=None, limit=pagination.LIMIT, cursor=None):
    """Return a page of public citations, optionally only those of `episode` and those in `state`."""
    after = pagination.decode_cursor(cursor, "citations", int, int, int)
    rows = Citation.objects.filter(is_public=True, revision__published_for__isnull=False)
    if episode is not None:
        rows = rows.filter(episode=episode)
    if state is not None:
        rows = status.in_state(rows, state)
    rows = rows.select_related("finding", "section", "episode__show", "revision__published_for")
    rows = behind(rows, CITATION_ORDER, after)
    page, next_url = pagination.paginate(request, "citations", rows, limit, attrgetter(*CITATION_ORDER))
    return {"next": next_url, "results": serializers.citations_in_articles(page, origin(request))}


def _public_periods(article):
    """Return the periods of each revision that is or was public, newest first; the highest number comes first."""
    by_number = sorted(periods_of(article), key=lambda period: (-period.revision.number, -period.since.timestamp()))
    return [list(periods) for _, periods in groupby(by_number, key=lambda period: period.revision.number)]
