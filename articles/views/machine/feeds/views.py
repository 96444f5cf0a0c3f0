"""Serves the feeds: all articles, those of a show or topic, and corrections."""

from django.utils.http import http_date

from articles.derived.reviews.reviewers import PUBLICATIONS
from articles.models import LogEntry, Show, Topic
from articles.views.http import one_named, public_view

from .latest import Articles
from .replacements import Corrections

# Actions that update a feed's modification time, whether or not they have an entry of their own.
_MOVES = (
    *PUBLICATIONS,
    LogEntry.Action.CONFIRMED,
    LogEntry.Action.REVIEWED,
    LogEntry.Action.UNPUBLISHED,
    LogEntry.Action.ERASED,
    LogEntry.Action.FILED,
)


@public_view
def articles(request, form):
    return _feed(request, Articles(request, form))


@public_view
def corrections(request, form):
    return _feed(request, Corrections(request, form))


@public_view
def show_articles(request, handle, form):
    show = one_named(Show.objects.cited(), handle=("handle", handle))
    return _feed(request, Articles(request, form, show=show))


@public_view
def topic_articles(request, slug, form):
    topic = one_named(Topic.objects.public(), slug=("slug", slug))
    return _feed(request, Articles(request, form, topic=topic))


def _feed(request, feed):
    moves = LogEntry.objects.filter(action__in=_MOVES)
    changed_at = moves.order_by("-pk").values_list("at", flat=True).first()
    response = feed(request)
    # Django's own is the time of the newest item, which says nothing of what was unpublished or erased.
    response.headers.pop("Last-Modified", None)
    if changed_at is not None:
        response.headers["Last-Modified"] = http_date(int(changed_at.timestamp()))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
