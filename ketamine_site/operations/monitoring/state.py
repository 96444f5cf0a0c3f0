"""What monitoring tells of the work in the background."""

from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from articles.models import BackgroundTask, Notice
from articles.workflow.scheduling import check_health


def background():
    """Return {"scheduler": …, "queues": {name: …}} in plain values; ages are in seconds, None if there is nothing.

    `late` counts the texts that should have been published or taken down, `waiting` the mails and tasks that
    are due, `failed` the mails that were given up and the tasks that failed within a day.
    """
    now = timezone.now()
    health = check_health(now)
    late = [row.publish_at for row in health.late_revisions] + [row.take_down_at for row in health.late_articles]
    due = Q(mail=Notice.Mail.WAITING) & (Q(mail_due_at=None) | Q(mail_due_at__lte=now))
    mail = Notice.objects.filter(mail__in=[Notice.Mail.WAITING, Notice.Mail.FAILED]).aggregate(
        waiting=Count("pk", filter=due),
        oldest=Min("at", filter=due),
        failed=Count("pk", filter=Q(mail=Notice.Mail.FAILED)),
    )
    ready = Q(state=BackgroundTask.State.WAITING, due_at__lte=now)
    since = now - timedelta(days=1)
    tasks = BackgroundTask.objects.filter(
        ready | Q(state=BackgroundTask.State.RUNNING) | Q(state=BackgroundTask.State.FAILED, ended_at__gt=since)
    )
    tasks = tasks.aggregate(
        waiting=Count("pk", filter=ready),
        running=Count("pk", filter=Q(state=BackgroundTask.State.RUNNING)),
        oldest=Min("due_at", filter=ready),
        failed=Count("pk", filter=Q(state=BackgroundTask.State.FAILED)),
    )
    oldest_task = tasks.pop("oldest")
    return {
        "scheduler": {
            "running": health.is_running,
            "last_run": health.last_run and health.last_run.isoformat(timespec="seconds"),
            "last_run_age": _age(health.last_run, now),
            "failed_jobs": len(health.problems),
        },
        "queues": {
            "publishing": {"late": health.late_count, "oldest_age": _age(min(late, default=None), now)},
            "mail": {"waiting": mail["waiting"], "oldest_age": _age(mail["oldest"], now), "failed": mail["failed"]},
            "tasks": tasks | {"oldest_age": _age(oldest_task, now)},
        },
    }


def _age(moment, now):
    return moment and round((now - moment).total_seconds())
