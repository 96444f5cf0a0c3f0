"""Parameters shared by several lists, and the rows that they name."""

from typing import Annotated

from django.http import Http404
from ninja import Query
from ninja.errors import HttpError

from articles.models import Episode, Show, Topic, named

from .pagination import LIMIT_MAX

Limit = Annotated[int, Query(description=f"Results per page, at most {LIMIT_MAX}.", ge=1, le=LIMIT_MAX)]
Cursor = Annotated[
    str | None,
    Query(description="Position in the list. Don’t build it yourself: follow “next”.", include_in_schema=True),
]
EpisodeReference = Annotated[
    str | None,
    Query(description="Only this episode: show handle, slash, slug.", examples=["night-talks/on-sleep"]),
]


def episode_named(reference):
    """Return the cited episode `reference`; raises HttpError 400 if malformed, Http404 if no article cites it."""
    handle, slash, slug = reference.partition("/")
    if not (handle and slash and slug):
        raise HttpError(400, "“episode” must be a show handle, a slash and a slug, such as night-talks/on-sleep.")
    episode = named(Episode.objects.cited().select_related("show"), show__handle=handle, slug=slug)
    if episode is None:
        raise Http404(
            f"No published article cites an episode “{reference[:200]}”. See /api/shows/ for shows and their cited episodes."
        )
    return episode


def show_named(handle):
    show = named(Show.objects.cited(), handle=handle)
    if show is None:
        raise Http404(f"No published article cites a show “{handle[:200]}”. /api/shows/ lists the cited ones.")
    return show


def topic_named(slug):
    topic = named(Topic.objects.public(), slug=slug)
    if topic is None:
        raise Http404(f"No published article has a topic “{slug[:200]}”. /api/topics/ lists the topics in use.")
    return topic
