"""The steps that every change of a recording is made of."""

from contextlib import contextmanager

from django.db import transaction

from articles.derived import text
from articles.derived.pages import article as pages
from articles.models import Article
from articles.workflow.transitions import Action, explain_collisions, name_of, record

BY_COMMAND = "manage.py"  # the name in the log where no account made the change


@contextmanager
def locked(episodes):
    """One transaction, in which nobody else changes a recording or what cites one of `episodes`."""
    with explain_collisions(), transaction.atomic(savepoint=False):
        text.lock_dependents(episodes)
        yield


@contextmanager
def change(recording, episodes, by):
    """One transaction around a change of `recording`, an episode or a show with these `episodes`.

    Yields a list, to which the block adds what has changed, as the log names it.
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
                update_articles(episode)
            log(recording, episodes, ", ".join(dict.fromkeys(changed)), by)


def update_articles(episode, *, only_checks=False):
    """Update the texts and pages that cite `episode`, or, where `only_checks` have changed, the pages; how many."""
    return pages.render_citing(episode) if only_checks else text.refresh_citing(episode)


def log(recording, episodes, changed, by):
    """Write into the log of every article that is published from `episodes` what has `changed` under it."""
    articles = Article.objects.filter(published_revision__source__episode__in=episodes).distinct().order_by("pk")
    for article in articles.select_related("published_revision"):
        note = f"{recording}: {changed}"
        record(article, article.published_revision, Action.RECORDING_CHANGED, by, note, by_name=actor_name(by))


def actor_name(by):
    return name_of(by) if by is not None else BY_COMMAND
