"""Shows, their episodes, and the topics that articles are filed under."""

from datetime import date

from django.db.models import F, Q
from django.urls import reverse

from articles.models import Show, Topic
from articles.views import serializers
from articles.views.http import origin

from . import pagination
from .articles import citations_page
from .base import api
from .params import Cursor, Limit, episode_named, show_named, topic_named
from .schemas import recordings as schemas
from .schemas.base import PROBLEMS, Problem


@api.get(
    "/shows/",
    response={200: schemas.Shows, 400: Problem},
    operation_id="shows",
    url_name="shows",
    summary="The shows that articles draw on",
    tags=["Recordings"],
)
def shows(request, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """By their handles."""
    found, root = Show.objects.cited().order_by("handle"), origin(request)
    if after := pagination.read(cursor, "shows", str):
        found = found.filter(handle__gt=after[0])
    shown, following = pagination.page(request, found, limit, lambda one: pagination.written("shows", one.handle))
    return {"next": following, "results": [serializers.show(one, root) for one in shown]}


@api.get(
    "/shows/{name:handle}/",
    response={200: schemas.Show, **PROBLEMS},
    operation_id="show",
    url_name="show",
    summary="A show",
    tags=["Recordings"],
)
def show(request, handle: str):
    return serializers.show(show_named(handle), origin(request))


@api.get(
    "/shows/{name:handle}/episodes/",
    response={200: schemas.Episodes, **PROBLEMS},
    operation_id="episodes",
    url_name="episodes",
    summary="The episodes of a show that articles draw on",
    tags=["Recordings"],
)
def episodes(request, handle: str, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """The newest first, those whose day is not known last."""
    of_show, root = show_named(handle), origin(request)
    after = pagination.read(cursor, "episodes", (date, None), int)
    found = of_show.episode_set.cited().select_related("show").order_by(F("published_on").desc(nulls_last=True), "pk")
    if after:
        found = found.filter(_older(*after))
    shown, following = pagination.page(
        request, found, limit, lambda one: pagination.written("episodes", one.published_on, one.pk)
    )
    return {"next": following, "results": [serializers.episode_entry(one, root) for one in shown]}


@api.get(
    "/shows/{name:handle}/episodes/{name:slug}/",
    response={200: schemas.Episode, **PROBLEMS},
    operation_id="episode",
    url_name="episode",
    summary="An episode with its chapters and citations",
    tags=["Recordings"],
)
def episode(request, handle: str, slug: str):
    """“citations” is the first page of /api/citations/ for this episode; its “next” leads on there."""
    found, root = episode_named(f"{handle}/{slug}"), origin(request)
    cited = citations_page(request, found)
    if cited["next"]:
        cursor = cited["next"].rpartition("cursor=")[2]
        cited["next"] = f"{root}{reverse('api:citations')}?episode={found.reference}&cursor={cursor}"
    return {**serializers.episode(found, root), "citations": cited}


@api.get(
    "/topics/",
    response={200: schemas.Topics, 400: Problem},
    operation_id="topics",
    url_name="topics",
    summary="The topics that articles are filed under",
    tags=["Topics"],
)
def topics(request, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """By their slugs."""
    found, root = Topic.objects.public().order_by("slug"), origin(request)
    if after := pagination.read(cursor, "topics", str):
        found = found.filter(slug__gt=after[0])
    shown, following = pagination.page(request, found, limit, lambda one: pagination.written("topics", one.slug))
    return {"next": following, "results": [serializers.topic(one, root) for one in shown]}


@api.get(
    "/topics/{name:slug}/",
    response={200: schemas.Topic, **PROBLEMS},
    operation_id="topic",
    url_name="topic",
    summary="A topic",
    tags=["Topics"],
)
def topic(request, slug: str):
    """Its articles: /api/articles/?topic=<slug>."""
    return serializers.topic(topic_named(slug), origin(request))


def _older(published_on, key):
    """What follows in the list; where the day is not known only others without one do."""
    if published_on is None:
        return Q(published_on=None, pk__gt=key)
    return Q(published_on__lt=published_on) | Q(published_on=published_on, pk__gt=key) | Q(published_on=None)
