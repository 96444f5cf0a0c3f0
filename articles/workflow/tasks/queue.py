"""Starting, cancelling and repeating tasks."""

from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import BackgroundTask

from .messages import send

State = BackgroundTask.State


def start(kind, arguments, *, by=None, key="", total=0):
    """Let a worker do the work of `kind` once this transaction is committed; returns the `BackgroundTask`.

    `arguments` are plain values: keys and choices, never what an article says. If a task with the same non-empty `key`
    still waits, that one is returned, because it will see whatever is committed until then.
    """
    now = timezone.now()
    columns = {"arguments": arguments, "by": by, "created_at": now, "due_at": now, "total": total}
    try:
        with transaction.atomic():
            task = BackgroundTask.objects.create(kind=kind, key=key, **columns)
    except IntegrityError:
        waiting = BackgroundTask.objects.waiting().filter(key=key).first()
        return waiting or start(kind, arguments, by=by, key=key, total=total)
    transaction.on_commit(partial(send, task.pk), robust=True)
    return task


def cancel(task):
    """End a task before it begins, or at its next step if it runs; returns whether it was still to be done."""
    rows = BackgroundTask.objects.filter(pk=task.pk)
    if rows.waiting().update(state=State.CANCELLED, ended_at=timezone.now()):
        return True
    return bool(rows.running().update(is_cancelled=True))


def retry(task):
    """Begin again a task that has failed or was cancelled; returns whether it had."""
    ended = BackgroundTask.objects.filter(pk=task.pk, state__in=[State.FAILED, State.CANCELLED])
    columns = {"sent_at": None, "ended_at": None, "is_cancelled": False, "attempts": 0, "done": 0, "error": ""}
    try:
        with transaction.atomic():
            if not ended.update(state=State.WAITING, due_at=timezone.now(), **columns):
                return False
    except IntegrityError:  # one with the same key waits, which does the same
        return True
    transaction.on_commit(partial(send, task.pk), robust=True)
    return True
