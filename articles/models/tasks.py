"""Work outside of requests: background tasks with the files they made, and what the scheduler did last."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BackgroundTaskQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=BackgroundTask.State.WAITING)

    def running(self):
        return self.filter(state=BackgroundTask.State.RUNNING)

    def open(self):
        return self.filter(state__in=[BackgroundTask.State.WAITING, BackgroundTask.State.RUNNING])


class BackgroundTask(models.Model):
    """A piece of work for a worker. The row decides who does it; a message in a queue only says that it is there.

    `arguments` holds keys, choices, file names and the reason of a bulk action, `result` numbers and what became of each
    item, and neither what an article says. A file's name or a reason may quote it, so an erasure looks there, too
    (`workflow/tasks/erasure.py`).
    """

    class Kind(models.TextChoices):
        BULK = "bulk", _("Bulk action")
        CHECKS = "checks", _("Check citations")
        EXPORT = "export", _("Export citations")
        IMPORT = "import", _("Import")
        SITE = "site", _("Export the site")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    arguments = models.JSONField(default=dict)
    key = models.CharField(
        max_length=100, blank=True, help_text="Of several with the same key, only one waits; empty for any number."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, verbose_name=_("started by"), related_name="+"
    )
    created_at = models.DateTimeField(_("started"))
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(help_text="Not before; later after a failed attempt.")
    sent_at = models.DateTimeField(null=True, help_text="When the queue was last told.")
    runs = models.PositiveIntegerField(default=0, help_text="How often a worker began it.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Runs that failed or were killed, and this one.")
    claim = models.CharField(max_length=32, blank=True, help_text="Of the run that may write, as long as it runs.")
    claimed_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    is_cancelled = models.BooleanField(default=False, help_text="It ends at its next step.")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="0 if it isn’t known.")
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)

    objects = BackgroundTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="task_state_due"),
            models.Index(fields=["by", "-id"], name="task_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="waiting") & ~Q(key=""), name="one_waiting_task_per_key"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_open(self):
        return self.state in {self.State.WAITING, self.State.RUNNING}


class TaskFilePart(models.Model):
    """A part of the file that a task made, gzipped.

    In the database, because the worker that makes it and the process that sends it need not share a disk, and because
    an erasure has to find it.
    """

    task = models.ForeignKey(BackgroundTask, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        verbose_name = "part of a task’s file"
        verbose_name_plural = "parts of tasks’ files"
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="task_file_part_once")]

    def __str__(self):
        return f"{self.task_id}: {self.number}"


class ScheduledJob(models.Model):
    """A job that the scheduler repeats: when it last ended, when it last succeeded, and why it failed since."""

    class Name(models.TextChoices):
        PUBLISHING = "publishing"
        PURGE = "purge"  # of what a CDN keeps, if there is one
        MAIL = "mail"
        TASKS = "tasks"  # of the background, that no queue knows of
        COMPACTION = "compaction"  # due while its row has no `succeeded_at`

    name = models.CharField(max_length=20, choices=Name.choices, primary_key=True)
    ended_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True, help_text="Empty if the last run had no errors.")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name
