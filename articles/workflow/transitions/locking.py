"""One transaction per transition: the locks it takes, and what it says if it loses to a concurrent one."""

import functools
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext

from articles.models import Article

from .errors import InvalidTransition

# SQLSTATE codes for serialization failures, deadlocks and unavailable locks (PostgreSQL manual, appendix A).
COLLISIONS = {"40001", "40P01", "55P03"}


def is_collision(error):
    """Return whether a database error means that another transaction held the lock, so that retrying makes sense."""
    return getattr(error.__cause__, "sqlstate", None) in COLLISIONS or "locked" in str(error)


@contextmanager
def explain_collisions():
    """Raise `InvalidTransition` if this transaction loses to a concurrent one."""
    try:
        yield
    except OperationalError as error:
        if is_collision(error):
            raise InvalidTransition(
                gettext("Someone else changed this article at the same moment. Your change wasn’t saved; try again.")
            ) from error
        raise


def transition(function):
    """Run the function in one transaction; losing to a concurrent one raises `InvalidTransition`."""

    @functools.wraps(function)
    def run(*args, **kwargs):
        with explain_collisions(), transaction.atomic():
            return function(*args, **kwargs)

    return run


def lock_article(article):
    """Lock the article's row until the transaction ends, and refresh `article` from it.

    Every transition of an existing article starts with this, so that all take their locks in the same order and
    nothing they read afterwards changes. On SQLite a transaction locks the whole database.
    """
    article.refresh_from_db(from_queryset=Article.objects.select_for_update(no_key=True))


@contextmanager
def refuse_second(message):
    """Wrap a write; raises `InvalidTransition` with `message` if it would make a second of what must be unique."""
    try:
        yield
    except IntegrityError as error:
        raise InvalidTransition(message) from error


def claim_slug(slug):
    """Wrap a write that takes `slug`; raises `InvalidTransition` if another article takes it at the same moment."""
    return refuse_second(
        gettext("Another article has just taken the slug “%(slug)s”. Choose a different one.") % {"slug": slug}
    )
