"""What the scheduler does for tasks: those that no queue knows of, those of killed workers, and old ones."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django_tasks_db.models import DBTaskResult

from articles.models import BackgroundTask, TaskFilePart

from .messages import send
from .progress import wait_again
from .running import ATTEMPTS

State = BackgroundTask.State
# A message that was sent so long ago may be lost, as with the memory of a broker. A second one does no harm.
SENT_AGAIN_AFTER = timedelta(minutes=15)
FILES_KEPT = timedelta(days=1)
TASKS_KEPT = timedelta(days=30)
MESSAGES_KEPT = timedelta(hours=1)  # of work that is done, which the task's own row describes
UNREAD_KEPT = timedelta(days=2)  # longer than any work takes


def recover():
    """Put back what killed workers were doing, and tell the queue of everything that is due; returns how many of each.

    A run that was killed counts as an attempt: a task that ends its worker each time fails in the end.
    """
    now = timezone.now()
    lost = BackgroundTask.objects.running().filter(claimed_until__lt=now)
    text = gettext("The worker was killed during each of %(count)s attempts.") % {"count": ATTEMPTS}
    hopeless = lost.filter(attempts__gte=ATTEMPTS, is_cancelled=False)
    hopeless.update(state=State.FAILED, ended_at=now, error=text, claim="", claimed_until=None)
    recovered = 0
    for pk in lost.values_list("pk", flat=True):
        recovered += wait_again(lost.filter(pk=pk), due_at=now)
    due = BackgroundTask.objects.waiting().filter(due_at__lte=now)
    due = due.filter(Q(sent_at=None) | Q(sent_at__lt=now - SENT_AGAIN_AFTER)).order_by("pk")
    sent = 0
    for pk in due.values_list("pk", flat=True):
        send(pk)
        sent += 1
    return recovered, sent


def tidy():
    """Delete files, tasks and messages that are old."""
    now = timezone.now()
    TaskFilePart.objects.filter(task__ended_at__lt=now - FILES_KEPT).delete()
    BackgroundTask.objects.filter(ended_at__lt=now - TASKS_KEPT).delete()
    DBTaskResult.objects.finished().filter(enqueued_at__lt=now - MESSAGES_KEPT).delete()
    # Where no worker runs, or one was killed; others are sent instead.
    DBTaskResult.objects.filter(enqueued_at__lt=now - UNREAD_KEPT).delete()
