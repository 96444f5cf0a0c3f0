"""Reads from a replica for readers, whenever it has everything that they may see.

The database counts the changes of whatever is public (`triggers`), in the transaction that changes it. So a replica with
the primary's count has replayed all of them, and what is read from it afterwards is what the primary gives: nothing that
was withdrawn or erased before. If it lags or fails, the primary is read. Nothing else than public responses reads it.
"""

import logging
import time
from contextvars import ContextVar
from functools import wraps

from django.conf import settings
from django.db import DatabaseError, connections

from . import stored

PAUSE = 10  # seconds for which a replica that failed isn't asked again
logger = logging.getLogger(__name__)
_is_read = ContextVar("is_read", default=False)
_paused_until = 0.0


class Router:
    """Sends Django's queries to the replica while `from_replica` says so."""

    def db_for_read(self, model, **hints):
        return settings.REPLICA if _is_read.get() else "default"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == "default"


def from_replica(view):
    """Have a public `view` read the replica if there is one and it is current; if that fails, the primary."""
    if not settings.REPLICA:
        return view

    @wraps(view)
    def reading(*args, **kwargs):
        if _is_current():
            token = _is_read.set(True)
            try:
                return view(*args, **kwargs)
            except DatabaseError as error:
                _pause(error)
            finally:
                _is_read.reset(token)
        return view(*args, **kwargs)

    return reading


def _is_current():
    """Return whether the replica had everything public that the primary has, a moment ago."""
    if time.monotonic() < _paused_until:
        return False
    try:
        with connections[settings.REPLICA].wrap_database_errors:
            number = stored.site_version(settings.REPLICA)
    except DatabaseError as error:
        _pause(error)
        return False
    return number == stored.site_version()


def _pause(error):
    global _paused_until
    _paused_until = time.monotonic() + PAUSE
    logger.warning("The replica can’t be used, so the primary is read: %s", str(error).strip())
