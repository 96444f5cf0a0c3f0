"""Doing a task: one worker at a time, with progress, an end at the next step, and another attempt after a failure."""

import gzip
import logging
import secrets
import threading
import time
from datetime import timedelta

from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from articles.core.language.shorten import printable_line, shorten
from articles.models import BackgroundTask, TaskFilePart
from articles.workflow.transitions import WorkflowError

from .kinds import FUNCTIONS

State = BackgroundTask.State
# How long a task belongs to the worker that does it, from its last step: longer than any step takes. If a worker is
# killed, another one takes over what it was doing after this time.
CLAIMED_FOR = timedelta(minutes=2)
STEP_SECONDS = 1  # between two steps that are written down
RETRY_AFTER = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))
ATTEMPTS = len(RETRY_AFTER) + 1
ERROR_MAX = BackgroundTask._meta.get_field("error").max_length
PART_BYTES = 1024 * 1024  # about as much of a file, before compression

logger = logging.getLogger(__name__)
stopping = threading.Event()  # set when this process is to end: what it does is put back at its next step


class Refusal(Exception):
    """The work can't be done, for a reason that another attempt won't change; its text is for whoever started it."""


class _Ended(Exception):
    """The run is over before its work: it was cancelled, the process ends, or another worker has taken it over."""


class Progress:
    """How far a run is. The function that does the work calls `step` often, and may write a file.

    `is_repeated` says that an earlier run was interrupted or failed.
    """

    def __init__(self, task):
        self.task, self.is_repeated = task, task.runs > 1
        self.done, self.total = 0, task.total
        self._rows = BackgroundTask.objects.filter(pk=task.pk, state=State.RUNNING, claim=task.claim)
        self._next = 0.0
        self._pending, self._length = [], 0
        self._parts = 0

    def step(self, done, total=None):
        """Note that `done` of `total` are done. Raises what ends the run, so call it between units of work."""
        if stopping.is_set():
            raise _Ended
        self.done = done
        if total is None and time.monotonic() < self._next:
            return
        self._next = time.monotonic() + STEP_SECONDS
        self.total = self.total if total is None else total
        self._write(done=done, total=self.total)

    def write(self, text):
        """Append `text` to the task's file."""
        self._pending.append(text)
        self._length += len(text)
        if self._length >= PART_BYTES:
            self._store_part()

    def _store_part(self):
        data = gzip.compress("".join(self._pending).encode(), 6)
        self._pending, self._length = [], 0
        with transaction.atomic():
            self._write()  # a run that was taken over writes nothing into the file of the other
            if self._parts == 0:
                TaskFilePart.objects.filter(task=self.task).delete()
            TaskFilePart.objects.create(task=self.task, number=self._parts, data=data)
        self._parts += 1

    def _write(self, **columns):
        now = timezone.now()
        if not self._rows.filter(is_cancelled=False).update(claimed_until=now + CLAIMED_FOR, **columns):
            raise _Ended

    def end(self, state, **columns):
        """Note the end of the run, if it is still this one's; returns whether it was."""
        return self._rows.update(state=state, claim="", claimed_until=None, **columns)

    def finish(self, result):
        """Note that everything is done, together with the rest of the file."""
        with transaction.atomic():
            if self._pending:
                self._store_part()
            # What was cancelled just now, but is done, is done.
            columns = {"done": self.done, "total": self.total, "error": "", "is_cancelled": False}
            self.end(State.DONE, result=result, ended_at=timezone.now(), **columns)

    def put_back(self):
        """Let the next worker go on, at once; this run, which was interrupted, doesn't count as an attempt."""
        cancelled = self._rows.filter(is_cancelled=True)
        if cancelled.update(state=State.CANCELLED, claim="", claimed_until=None, ended_at=timezone.now()):
            return
        wait_again(self._rows, due_at=timezone.now(), attempts=F("attempts") - 1)

    def fail_until(self, due_at, error):
        """Let a worker try again later."""
        wait_again(self._rows, due_at=due_at, error=error)


def wait_again(rows, **columns):
    """Let `rows`, one that runs, wait once more, unless another one with its key waits already; returns whether it was."""
    freed = {"claim": "", "claimed_until": None, "sent_at": None}
    try:
        with transaction.atomic():
            return rows.update(state=State.WAITING, **freed, **columns)
    except IntegrityError:
        text = gettext("Another task that waits does the same.")
        return rows.update(state=State.CANCELLED, **freed, error=text, ended_at=timezone.now())


def run(pk):
    """Do a task that is due, if nobody else does; what goes wrong is noted with the task, and logged."""
    task = _claim(pk)
    if task is None:
        return
    progress = Progress(task)
    try:
        result = import_string(FUNCTIONS[task.kind])(progress, **task.arguments)
        progress.finish(result)
    except _Ended:
        progress.put_back()
    except (Refusal, WorkflowError, CommandError) as error:
        progress.end(State.FAILED, error=_line(str(error)), ended_at=timezone.now())
    except Exception as error:
        logger.exception("Task %s failed, attempt %s", task, task.attempts)
        _fail(progress, error)


def _claim(pk):
    """Return the task as this run's own; None if it's done, being done, or not due."""
    now = timezone.now()
    free = Q(state=State.WAITING, due_at__lte=now, attempts__lt=ATTEMPTS)
    claim = secrets.token_hex(16)
    claimed = BackgroundTask.objects.filter(free, pk=pk).update(
        state=State.RUNNING,
        claim=claim,
        claimed_until=now + CLAIMED_FOR,
        attempts=F("attempts") + 1,
        runs=F("runs") + 1,
    )
    return BackgroundTask.objects.select_related("by").get(pk=pk) if claimed else None


def _fail(progress, error):
    """Try again later, or give up. The text of an unexpected error may quote anything, so it is in the log only."""
    attempts = progress.task.attempts
    name = type(error).__name__
    if attempts >= ATTEMPTS:
        text = gettext("It failed %(count)s times, at last with %(error)s. The log has the details.")
        text %= {"count": attempts, "error": name}
        progress.end(State.FAILED, error=_line(text), ended_at=timezone.now())
        return
    text = gettext("Attempt %(number)s failed with %(error)s; it will be tried again. The log has the details.")
    due = timezone.now() + RETRY_AFTER[attempts - 1]
    progress.fail_until(due, _line(text % {"number": attempts, "error": name}))


def _line(text):
    return shorten(printable_line(text), ERROR_MAX)
