"""What monitoring tells of the work in the background."""

from django.db.models import Count, Min, Q
from django.utils import timezone

from articles.models import Notice
from articles.workflow.scheduling import check_health


def background():
    """Return {"scheduler": …, "queues": {name: …}} in plain values; ages are in seconds, None if there is nothing.

    `late` counts the texts that should have been published or taken down, `waiting` the mails that are due.
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
        },
    }


def _age(moment, now):
    return moment and round((now - moment).total_seconds())
