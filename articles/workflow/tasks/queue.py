"""Starting, cancelling and repeating tasks."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import BackgroundTask

from .messages import send

State = BackgroundTask.State


def start(kind, arguments, *, by=None, key="", total=0, delay=None):
    """Let a worker do the work of `kind` once this transaction is committed; returns the `BackgroundTask`.

    `arguments` are plain values: keys and choices, never what an article says. If a task with the same non-empty `key`
    still waits, that one is returned, because it will see what this transaction commits: no worker takes it before. With a `delay`,
    a timedelta, no worker takes it earlier than that.
    """
    now = timezone.now()
    columns = {
        "arguments": arguments,
        "by": by,
        "created_at": now,
        "due_at": now + (delay or timedelta()),
        "total": total,
    }
    try:
        with transaction.atomic():
            task = BackgroundTask.objects.create(kind=kind, key=key, **columns)
    except IntegrityError:
        if not key:
            raise
        return _waiting(key) or start(kind, arguments, by=by, key=key, total=total, delay=delay)
    if not delay:  # `recover` sends the others when they are due
        transaction.on_commit(lambda: send(task.pk), robust=True)
    return task


def cancel(task):
    """End a task before it begins, or at its next step if it runs; returns whether it was still to be done."""
    rows = BackgroundTask.objects.filter(pk=task.pk)
    was_open = rows.open().update(is_cancelled=True)
    rows.waiting().update(state=State.CANCELLED, ended_at=timezone.now())
    return bool(was_open)


@transaction.atomic
def _waiting(key):
    return BackgroundTask.objects.waiting().filter(key=key).select_for_update().first()


def retry(task):
    """Begin again a task that has failed or was cancelled.

    Returns the task that does the work: this one, or one with its key that waits already; None if it's another state.
    """
    ended = BackgroundTask.objects.filter(pk=task.pk, state__in=[State.FAILED, State.CANCELLED])
    columns = {"sent_at": None, "ended_at": None, "is_cancelled": False, "attempts": 0, "done": 0, "error": ""}
    try:
        with transaction.atomic():
            if not ended.update(state=State.WAITING, due_at=timezone.now(), **columns):
                return None
    except IntegrityError:
        return _waiting(task.key) or retry(task)
    transaction.on_commit(lambda: send(task.pk), robust=True)
    return task
