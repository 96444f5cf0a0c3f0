"""The jobs that the scheduler repeats: publishing what is due with the day's statistics, telling a CDN what has changed,
mail, what tasks of the background need, and compaction after an erasure.

`run_worker` runs them. Running them twice at the same time does no harm.
"""

import logging

from django.conf import settings
from django.utils import timezone

from articles.derived.checks import statistics
from articles.derived.responses import purging
from articles.models import Notice, ScheduledJob, Upload
from articles.workflow import notifications, tasks
from articles.workflow.transitions import WorkflowError

from .compaction import compact
from .due import publish_due

Name = ScheduledJob.Name
ERROR_MAX = ScheduledJob._meta.get_field("error").max_length
logger = logging.getLogger(__name__)


def run_jobs():
    """Run every job that is due.

    One that fails is logged and doesn't stop the others. Returns the names of those that failed.
    """
    failed = []
    for name in Name:
        if name == Name.PURGE and not settings.CDN_PURGE_URL:
            continue
        if name == Name.COMPACTION and not ScheduledJob.objects.filter(name=name, succeeded_at=None).exists():
            continue
        try:
            run_job(name)
        except Exception:
            logger.exception("Job %s failed", name)
            failed.append(name)
    return failed


def run_job(name):
    """Run a job, record when it ended and what went wrong, and return its result. Raises whatever the job raises."""
    try:
        result, problems = JOBS[name]()
    except Exception as error:
        _record(name, error=_described(error))
        raise
    _record(name, succeeded_at=timezone.now(), error="; ".join(problems))
    return result


def _record(name, *, error, **values):
    values |= {"ended_at": timezone.now(), "error": error[:ERROR_MAX]}
    ScheduledJob.objects.update_or_create(name=name, defaults=values)


def _described(error):
    return f"{type(error).__name__}: {error}"


def _publish():
    """Publish what is due, count the day's citations and delete erased images that couldn't be deleted.

    What fails unexpectedly is tried again by the next run.
    """
    published, unpublished, failed = publish_due()
    # A refusal is in the article's log and in an inbox already.
    errors = [(row, error) for row, error in failed if not isinstance(error, WorkflowError)]
    try:
        statistics.record_if_due(timezone.localdate(), has_changed=bool(published or unpublished))
    except Exception as error:
        errors.append(("statistics", error))
    try:
        Upload.objects.delete_erased()
    except OSError as error:
        errors.append(("erased images", error))
    for row, error in errors:
        logger.error("%s: failed, will be tried again", row, exc_info=error)
    return (published, unpublished, failed), [f"{row}: {_described(error)}" for row, error in errors]


def _purge():
    return purging.purge_finally(), []


def _deliver_mail():
    sent, problem = notifications.deliver(Notice.objects.all())
    if problem:
        notifications.forget_expired()
    else:
        outcomes, problem = notifications.deliver_outcomes()
        sent += outcomes
    return sent, [f"The mail server can’t be used: {problem}"] if problem else []


def _recover_tasks():
    recovered, sent = tasks.recover()
    tasks.tidy()
    return (recovered, sent), []


def _compact():
    return compact(), []


JOBS = {Name.PUBLISHING: _publish, Name.PURGE: _purge, Name.MAIL: _deliver_mail, Name.TASKS: _recover_tasks}
JOBS |= {Name.COMPACTION: _compact}
