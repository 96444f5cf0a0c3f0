"""Work in the background, and what somebody has to do regularly."""

import os
import time
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.mail import get_connection

from articles.core.markdown import RENDERER_VERSION
from articles.core.parsing.numbers import counted
from articles.management.checks import existing
from articles.models import Article, Mailbox, Notice
from articles.workflow.governance.permissions import ROLES, lacking
from articles.workflow.history import chain, signed_heads
from articles.workflow.scheduling import check_health
from ketamine_site.operations.backup.create import backups_in
from ketamine_site.operations.monitoring.state import background

from .types import Finding

TASK_WAITS = timedelta(minutes=5)
BACKUP_AGE = timedelta(days=2)
MANUAL_SENDER = "webmaster@localhost"


def check_scheduler():
    health = check_health()
    if not health.is_running:
        last = f"it last ran at {health.last_run:%Y-%m-%d %H:%M} UTC" if health.last_run else "it has never run"
        yield Finding(
            "scheduler",
            "run_worker",
            f"{last}, so nothing is published on time and no mail is sent",
            "Start the supplied server without SCHEDULER=0, or run manage.py run_worker as a service.",
        )
    if health.late_count:
        yield Finding(
            "scheduler",
            f"{health.late_count} texts",
            "they should have been published or unpublished by now",
            "See the review queue, which names them and says why; run manage.py publish_due to try again.",
        )
    for problem in health.problems:
        job, _, error = problem.partition(": ")
        yield Finding(
            "failed job",
            job,
            f"its last run failed: {error.rstrip('.')}",
            "Correct the cause; it runs again by itself.",
        )


def check_tasks():
    queue = background()["queues"]["tasks"]
    if (queue["oldest_age"] or 0) > TASK_WAITS.total_seconds():
        is_celery = bool(settings.CELERY_BROKER_URL)
        longest = f"the longest for {queue['oldest_age'] // 60} minutes"
        yield Finding(
            "tasks",
            counted(queue["waiting"], "background task"),
            f"waiting, {longest}, and no worker does anything"
            if not queue["running"]
            else f"waiting for {counted(queue['running'], 'other')}, {longest}",
            "Start Celery’s workers: celery -A ketamine_site worker"
            if is_celery
            else "Start the supplied server without SCHEDULER=0, or manage.py run_worker as a service; more than one if "
            "the work is too much for it.",
        )
    if queue["failed"]:
        yield Finding(
            "tasks",
            counted(queue["failed"], "background task"),
            "failed within the last day",
            "See “Background tasks” in the admin for the reasons, and try them again there.",
            is_advice=True,
        )
    if settings.CELERY_BROKER_URL:
        from ketamine_site.celery import app  # needs a package that is only there with a broker

        try:
            with app.connection_for_write(connect_timeout=5) as broker:
                broker.ensure_connection(max_retries=1, timeout=5)
        except Exception as error:  # whatever the broker's driver raises; its text may have the password
            yield Finding(
                "tasks",
                "CELERY_BROKER_URL",
                f"the broker can’t be used: {type(error).__name__}",
                "Start it, or correct the address.",
            )


def check_mail():
    if not settings.EMAIL_IS_ON:
        yield Finding(
            "mail",
            "EMAIL_URL",
            "it isn’t set, so notices only reach the inbox on the site",
            "Set it, such as smtp+tls://user:password@mail.example.org:587.",
            is_advice=True,
        )
        return
    if settings.DEFAULT_FROM_EMAIL == MANUAL_SENDER:
        yield Finding(
            "mail",
            "EMAIL_FROM",
            f"mail comes from {MANUAL_SENDER}, which other servers refuse",
            "Set it to an address of your domain that someone reads.",
        )
    try:
        connection = get_connection()
        connection.open()
        connection.close()
    except (
        OSError,
        AttributeError,
        ValueError,
    ) as error:  # smtplib's errors are OSError; names that can't be sent aren't
        yield Finding(
            "mail",
            f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
            f"the mail server can’t be used: {str(error).rstrip('.') or type(error).__name__}",
            "Start it, or correct EMAIL_URL: scheme, host, port, user and password.",
        )
    if failed := Notice.objects.filter(mail=Notice.Mail.FAILED).count():
        yield Finding(
            "mail",
            f"{failed} notices",
            "their mail was given up after several attempts",
            "See Mailboxes in the admin for the reasons; then run manage.py deliver_notices --retry-failed.",
        )
    if failing := Mailbox.objects.failing().count():
        yield Finding(
            "mail", f"{failing} mailboxes", "they keep refusing mail", "Correct their addresses; see Mailboxes."
        )


def check_pages():
    stale = (
        Article.objects.published().exclude(published_revision__rendering__renderer_version=RENDERER_VERSION).count()
    )
    if stale:
        yield Finding(
            "pages",
            f"{stale} published articles",
            "they were rendered by an earlier release, or are missing",
            "Run: manage.py rebuild --stale",
        )


def check_accounts():
    if missing := sorted(set(ROLES) - set(Group.objects.values_list("name", flat=True))):
        yield Finding("accounts", ", ".join(missing), "these groups are missing", "Run: manage.py ensure_groups")
    for group, permissions in lacking().items():
        names = ", ".join(permissions)
        yield Finding("accounts", group, f"the group lacks permissions: {names}", "Run: manage.py ensure_groups")
    if not get_user_model().objects.filter(is_active=True, is_superuser=True).exists():
        yield Finding("accounts", "superusers", "there is none", "Run: manage.py createsuperuser", is_advice=True)


def check_signatures():
    """The database has what was signed last: nothing is signed after one that lacks it."""
    try:
        problem = signed_heads.contradicts(chain.newest())
    except OSError:  # a finding of its own: articles.W003
        return
    if problem:
        yield Finding(
            "signing key",
            str(settings.SIGNED_HEADS_FILE),
            f"signing has stopped: {problem.partition('. ')[0]}",
            "If you have restored a backup, run manage.py signing_key --restored; else find out who put the database back "
            "or changed it, beginning with manage.py check_integrity.",
        )


def check_backups():
    folder = settings.BACKUP_FOLDER
    if folder is None:
        yield Finding(
            "backups",
            "BACKUP_FOLDER",
            "it isn’t set, so nobody can tell here whether the site is backed up",
            "Set it, and run manage.py backup --keep 14 every day (deploy/backup.timer).",
            is_advice=True,
        )
        return
    place = existing(folder)
    if not (place.is_dir() and os.access(place, os.W_OK)):
        remedy = f"Let the site’s account own it (chown … {folder}), or set BACKUP_FOLDER to another folder."
        yield Finding("backups", str(folder), "nothing can be written there", remedy)
    newest = backups_in(folder)[-1:] if place == folder.absolute() and place.is_dir() else []
    age = timedelta(seconds=time.time() - newest[0].stat().st_mtime) if newest else None
    if age is None or age > BACKUP_AGE:
        problem = f"the newest backup is {age.days} days old" if age else "there is no backup"
        remedy = "Run manage.py backup --keep 14 every day (deploy/backup.timer), and see why it didn’t."
        yield Finding("backups", str(folder), problem, remedy)


CHECKS = [check_scheduler, check_tasks, check_mail, check_pages, check_accounts, check_signatures, check_backups]
