"""The messages in the queue of Django's task interface, whichever backend keeps it: only the number of a task."""

import logging

from django.utils import timezone
from django_tasks import task

from articles.models import BackgroundTask

from .running import run

logger = logging.getLogger(__name__)


@task
def work_on(pk):
    """Do the task with this primary key, unless it's done, being done, or not due."""
    run(pk)


def send(pk):
    """Tell the queue of a task. If that fails, it is logged, and the scheduler does it again (`recovery.recover`)."""
    try:
        BackgroundTask.objects.filter(pk=pk).update(sent_at=timezone.now())
        work_on.enqueue(pk)
    except Exception:  # whatever a broker's driver raises
        BackgroundTask.objects.filter(pk=pk).update(sent_at=None)
        logger.exception("The queue of tasks can't be used; task %s waits for the scheduler", pk)
