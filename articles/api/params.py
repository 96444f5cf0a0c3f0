"""Parameters that several lists take, and what they leave of a list."""

from typing import Annotated

from django.http import Http404
from ninja import Query
from ninja.errors import HttpError

from articles.models import Episode, Show, Topic

from .pagination import LIMIT_MAX

Limit = Annotated[int, Query(description=f"How many at most, up to {LIMIT_MAX}.", ge=1, le=LIMIT_MAX)]
Cursor = Annotated[
    str | None, Query(description="Where to go on: follow “next” and leave this to it.", include_in_schema=True)
]
EpisodeReference = Annotated[
    str | None,
    Query(description="Only of this episode: handle of the show, slash, slug.", examples=["night-talks/on-sleep"]),
]


def episode_named(reference):
    """The episode that articles cite under `reference`; HttpError 400 for what is none, Http404 where there is none."""
    handle, slash, slug = reference.partition("/")
    if not (handle and slash and slug):
        raise HttpError(400, "“episode” is the handle of a show, a slash and a slug, such as night-talks/on-sleep.")
    found = Episode.objects.cited().select_related("show").filter(show__handle=handle, slug=slug).first()
    if found is None:
        raise Http404(
            f"No published article cites an episode “{reference[:200]}”: /api/shows/ leads to those that are."
        )
    return found


def show_named(handle):
    found = Show.objects.cited().filter(handle=handle).first()
    if found is None:
        raise Http404(f"No published article cites a show “{handle[:200]}”: /api/shows/ lists those that are.")
    return found


def topic_named(slug):
    found = Topic.objects.public().filter(slug=slug).first()
    if found is None:
        raise Http404(f"There is no topic “{slug[:200]}” with articles: /api/topics/ lists those that have some.")
    return found
