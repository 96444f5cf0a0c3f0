"""Doing a task: one worker at a time, and another attempt after a failure."""

import logging
import secrets
from datetime import timedelta

from django.core.management.base import CommandError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from articles.core.language.shorten import printable_line, shorten
from articles.models import BackgroundTask
from articles.workflow.transitions import WorkflowError

from .erasure import ERASED
from .kinds import FUNCTIONS
from .progress import CLAIMED_FOR, Ended, Progress

State = BackgroundTask.State
RETRY_AFTER = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))
ATTEMPTS = len(RETRY_AFTER) + 1
ERROR_MAX = BackgroundTask._meta.get_field("error").max_length

logger = logging.getLogger(__name__)


class Refusal(Exception):
    """The work can't be done, for a reason that another attempt won't change; its text is for whoever started it.

    `result` is what was done nevertheless, if anything.
    """

    def __init__(self, message, result=None):
        super().__init__(message)
        self.result = result or {}


def run(pk):
    """Do a task that is due, if nobody else does; what goes wrong is noted with the task, and logged."""
    task = _claim(pk)
    if task is None:
        return
    progress = Progress(task)
    try:
        if task.arguments == ERASED:
            raise Refusal(gettext("What it was about has been erased."))
        with progress.kept():
            result = import_string(FUNCTIONS[task.kind])(progress, **task.arguments)
        progress.finish(result)
    except Ended:
        progress.put_back()
    except (Refusal, WorkflowError, CommandError) as error:
        progress.end(State.FAILED, error=_line(str(error)), result=getattr(error, "result", {}))
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
        error="",
    )
    return BackgroundTask.objects.select_related("by").get(pk=pk) if claimed else None


def _fail(progress, error):
    """Try again later, or give up. The text of an unexpected error may quote anything, so it is in the log only."""
    attempts = progress.task.attempts
    name = type(error).__name__
    if attempts >= ATTEMPTS:
        text = gettext("It failed %(count)s times, at last with %(error)s. The log has the details.")
        text %= {"count": attempts, "error": name}
        progress.end(State.FAILED, error=_line(text))
        return
    text = gettext("Attempt %(number)s failed with %(error)s; it will be tried again. The log has the details.")
    due = timezone.now() + RETRY_AFTER[attempts - 1]
    progress.fail_until(due, _line(text % {"number": attempts, "error": name}))


def _line(text):
    return shorten(printable_line(text), ERROR_MAX)
