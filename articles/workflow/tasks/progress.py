"""How far a run of a task is, the file that it makes, and its right to write, as long as nobody has taken the task over."""

import gzip
import logging
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, IntegrityError, connections, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import BackgroundTask, TaskFilePart

State = BackgroundTask.State
# How long a task belongs to the worker that does it, from its last sign of life. If a worker is killed, another one
# takes over what it was doing after this time.
CLAIMED_FOR = timedelta(minutes=2)
ALIVE_SECONDS = 30  # between two signs of life during a long step
LONGEST_STEP = 3600  # seconds; a longer one hangs
STEP_SECONDS = 1  # between two steps that are written down
PART_BYTES = 1024 * 1024  # about as much of a file, before compression

logger = logging.getLogger(__name__)
stopping = threading.Event()  # set when this process is to end: what it does is put back at its next step


class Ended(Exception):
    """The run is over before its work: it was cancelled, the process ends, or another worker has taken it over."""


class Progress:
    """How far a run is. The function that does the work calls `step` often, and may write a file.

    `is_repeated` says that an earlier run was interrupted or failed.
    """

    def __init__(self, task):
        self.task, self.is_repeated = task, task.runs > 1
        self.done, self.total = 0, task.total
        self._rows = BackgroundTask.objects.filter(pk=task.pk, state=State.RUNNING, claim=task.claim)
        self._stepped = time.monotonic()
        self._next = 0.0
        self._pending, self._length = [], 0
        self._parts = 0

    def step(self, done, total=None):
        """Note that `done` of `total` are done. Raises what ends the run, so call it between units of work."""
        if stopping.is_set():
            raise Ended
        self.done, self._stepped = done, time.monotonic()
        if total is None and self._stepped < self._next:
            return
        self._next = self._stepped + STEP_SECONDS
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
            raise Ended

    @contextmanager
    def kept(self):
        """Keep the task for this run while a step takes long, such as the end of a large import; not if it hangs."""
        over = threading.Event()
        signs = threading.Thread(target=self._give_signs_of_life, args=[over], name="signs of life", daemon=True)
        signs.start()
        try:
            yield
        finally:
            over.set()

    def _give_signs_of_life(self, over):
        while not over.wait(ALIVE_SECONDS) and time.monotonic() - self._stepped < LONGEST_STEP:
            try:
                self._rows.update(claimed_until=timezone.now() + CLAIMED_FOR)
            except DatabaseError:
                logger.warning("Task %s: the database can't be used at the moment", self.task.pk, exc_info=True)
        connections.close_all()  # of this thread

    def end(self, state, **columns):
        """Note the end of the run, if it is still this one's."""
        columns = {"done": self.done, "total": self.total, "ended_at": timezone.now()} | columns
        self._rows.update(state=state, claim="", claimed_until=None, **columns)

    def finish(self, result):
        """Note that everything is done, together with the rest of the file."""
        with transaction.atomic():
            if self._pending:
                self._store_part()
            # What was cancelled just now, but is done, is done.
            self.end(State.DONE, result=result, error="", is_cancelled=False)

    def put_back(self):
        """Let the next worker go on, at once; this run, which was interrupted, doesn't count as an attempt."""
        wait_again(self._rows, due_at=timezone.now(), done=self.done, attempts=F("attempts") - 1)

    def fail_until(self, due_at, error):
        """Let a worker try again later."""
        wait_again(self._rows, due_at=due_at, done=self.done, error=error)


def wait_again(rows, **columns):
    """Let `rows`, one that runs, wait once more, unless it was cancelled, or another one with its key waits already.

    Returns whether it waits.
    """
    freed = {"claim": "", "claimed_until": None, "sent_at": None}
    rows.filter(is_cancelled=True).update(state=State.CANCELLED, ended_at=timezone.now(), **freed)
    try:
        with transaction.atomic():
            return rows.update(state=State.WAITING, **freed, **columns)
    except IntegrityError:
        text = gettext("Another task that waits does the same.")
        rows.update(state=State.CANCELLED, **freed, error=text, ended_at=timezone.now())
        return 0
