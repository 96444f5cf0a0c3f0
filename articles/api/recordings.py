"""API operations for shows, episodes and topics."""

from datetime import date

from django.db.models import F, Q
from django.urls import reverse

from articles.models import Show, Topic
from articles.views import serializers
from articles.views.http import in_its_case, origin

from . import pagination
from .articles import citations_page
from .base import operation
from .params import Cursor, Limit, episode_named, show_named, topic_named
from .schemas import recordings as schemas
from .schemas.base import Problem


@operation("/shows/", schemas.Shows, "Cited shows", tag="Recordings", problems={400: Problem})
def shows(request, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """By handle."""
    rows, root = Show.objects.cited().order_by("handle"), origin(request)
    if after := pagination.decode_cursor(cursor, "shows", str):
        rows = rows.filter(handle__gt=after[0])
    page, next_url = pagination.paginate(request, "shows", rows, limit, lambda show: (show.handle,))
    return {"next": next_url, "results": [serializers.show(show, root) for show in page]}


@operation("/shows/{name:handle}/", schemas.Show, "A show", tag="Recordings")
def show(request, handle: str):
    return serializers.show(in_its_case(show_named(handle), handle=("handle", handle)), origin(request))


@operation("/shows/{name:handle}/episodes/", schemas.Episodes, "Cited episodes of a show", tag="Recordings")
def episodes(request, handle: str, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """Newest first; episodes without a release date come last."""
    show, root = in_its_case(show_named(handle), handle=("handle", handle)), origin(request)
    after = pagination.decode_cursor(cursor, "episodes", (date, None), int)
    rows = show.episode_set.cited().select_related("show").order_by(F("published_on").desc(nulls_last=True), "pk")
    if after:
        rows = rows.filter(_is_behind(*after))
    page, next_url = pagination.paginate(request, "episodes", rows, limit, lambda row: (row.published_on, row.pk))
    return {"next": next_url, "results": [serializers.episode_entry(episode, root) for episode in page]}


@operation(
    "/shows/{name:handle}/episodes/{name:slug}/",
    schemas.Episode,
    "An episode with its chapters and citations",
    tag="Recordings",
)
def episode(request, handle: str, slug: str):
    """“citations” is the first page of /api/citations/ for this episode; its “next” continues there."""
    episode, root = episode_named(f"{handle}/{slug}"), origin(request)
    in_its_case(episode, handle=("show.handle", handle), slug=("slug", slug))
    citations = citations_page(request, episode)
    if citations["next"]:
        cursor = citations["next"].rpartition("cursor=")[2]
        citations["next"] = f"{root}{reverse('api:citations')}?episode={episode.reference}&cursor={cursor}"
    return {**serializers.episode(episode, root), "citations": citations}


@operation("/topics/", schemas.Topics, "Topics with published articles", tag="Topics", problems={400: Problem})
def topics(request, limit: Limit = pagination.LIMIT, cursor: Cursor = None):
    """By slug."""
    rows, root = Topic.objects.public().order_by("slug"), origin(request)
    if after := pagination.decode_cursor(cursor, "topics", str):
        rows = rows.filter(slug__gt=after[0])
    page, next_url = pagination.paginate(request, "topics", rows, limit, lambda topic: (topic.slug,))
    return {"next": next_url, "results": [serializers.topic(topic, root) for topic in page]}


@operation("/topics/{name:slug}/", schemas.Topic, "A topic", tag="Topics")
def topic(request, slug: str):
    """For its articles, see /api/articles/?topic=<slug>."""
    return serializers.topic(in_its_case(topic_named(slug), slug=("slug", slug)), origin(request))


def _is_behind(published_on, key):
    """Return the condition for the episodes that follow this one; episodes without a date are last."""
    if published_on is None:
        return Q(published_on=None, pk__gt=key)
    return Q(published_on__lt=published_on) | Q(published_on=published_on, pk__gt=key) | Q(published_on=None)
