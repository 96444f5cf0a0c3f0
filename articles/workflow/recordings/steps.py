"""The steps that every change to a recording consists of."""

from contextlib import contextmanager

from django.db import transaction

from articles.derived import dependents, refresh_citing
from articles.models import Article
from articles.workflow.transitions import Action, explain_collisions, name_of, record

BY_COMMAND = "manage.py"  # the name in the log if no account made the change


@contextmanager
def locked(episodes):
    """Open a transaction that locks `episodes` and everything that cites them."""
    with explain_collisions(), transaction.atomic(savepoint=False):
        dependents.lock_dependents(episodes)
        yield


@contextmanager
def change(recording, episodes, by):
    """Wrap a change to `recording`, an episode or a show with these `episodes`, in one transaction.

    Yields a list to which the block appends what changed, as the log should name it.
    """
    if recording.pk is None:  # nothing cites it yet
        with explain_collisions(), transaction.atomic(savepoint=False):
            yield []
        return
    with locked(episodes):
        changed = []
        yield changed
        if changed:
            for episode in episodes:
                refresh_citing(episode)
            log(recording, episodes, ", ".join(dict.fromkeys(changed)), by)


def log(recording, episodes, changed, by):
    """Record in the log of every published article that cites `episodes` what `changed`."""
    articles = Article.objects.filter(published_revision__source__episode__in=episodes).distinct().order_by("pk")
    for article in articles.select_related("published_revision"):
        note = f"{recording}: {changed}"
        record(article, article.published_revision, Action.RECORDING_CHANGED, by, note, by_name=actor_name(by))


def actor_name(by):
    return name_of(by) if by is not None else BY_COMMAND
