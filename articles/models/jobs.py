"""What the scheduler did last."""

from django.db import models


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
