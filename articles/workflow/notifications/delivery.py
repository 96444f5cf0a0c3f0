"""Sends the mail that notices wait for.

A mail that fails keeps its reason, and doesn't keep the next from being sent.
"""

import logging
import time
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from articles.core.language.shorten import shorten
from articles.models import Mailbox, Notice, may_read_all

from .mailboxes import mail_arrived, mail_failed
from .messages import digest_mail, notice_mail
from .sending import ERROR_MAX, NoMailServer, close, may_have_arrived, reason_of, send

Mail = Notice.Mail
# How long to wait after each failed attempt; when all are used up, the mail is given up.
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
MAIL_ATTEMPTS = len(RETRY_AFTER) + 1
# How long a mail belongs to the process that sends it: longer than a run of the scheduler can hang.
CLAIMED_FOR = timedelta(minutes=15)
RUN_SECONDS = 20  # a run starts no mail after this time, so that a slow mail server doesn't hold up publishing
BATCH = 500

logger = logging.getLogger(__name__)


class Delivery(NamedTuple):
    """How many notices were `sent`, and the `problem` that stopped the run: the mail server can't be used, or ""."""

    sent: int = 0
    problem: str = ""


def deliver(notices, *, seconds=RUN_SECONDS):
    """Mail those of `notices` that are due, within about `seconds`, and return the `Delivery`.

    Whoever wants a daily mail gets all their notices in one. A failure is recorded with its reason, and retried later
    and later until the mail is given up. If the mail server can't be used, the run ends with the first mail that shows
    it; the others lose no attempt. If mail is off, everything stays as it is.
    """
    if not settings.EMAIL_IS_ON:
        return Delivery()
    end = time.monotonic() + seconds
    connection = get_connection()
    sent, problem = 0, ""
    for user, group, message in _mails(notices.to_send(timezone.now())):
        if time.monotonic() > end:
            break
        try:
            sent += _deliver(user, group, message, connection)
        except NoMailServer as error:
            problem = str(error)
            break
    close(connection)
    return Delivery(sent, problem)


@task
def deliver_now(keys):
    """Mail the notices with these primary keys outside the request that made them; the scheduler mails the rest."""
    deliver(Notice.objects.filter(pk__in=keys))


def retry_failed(notices):
    """Let those of `notices` whose mail was given up be mailed again, as if for the first time; return how many."""
    return notices.filter(mail=Mail.FAILED).update(mail=Mail.WAITING, mail_attempts=0, mail_due_at=None)


def _mails(due):
    """Yield (user, notices, function that makes the mail) for each mail to send, those of one notice first."""
    is_daily = {"user__mailbox__frequency": Mailbox.Frequency.DAILY}
    related = ("user", "article", "revision")
    for notice in due.exclude(**is_daily).select_related(*related).defer("revision__lead").order_by("pk")[:BATCH]:
        yield notice.user, [notice], lambda notice=notice: notice_mail(notice)
    daily = due.filter(**is_daily)
    # What was read in the inbox by then isn't worth a mail.
    daily.filter(read_at__isnull=False).update(mail=Mail.NONE)
    for user in get_user_model().objects.filter(pk__in=daily.order_by().values("user")).order_by("pk"):
        group = list(daily.filter(user=user).select_related(*related).defer("revision__lead").order_by("pk"))
        yield user, group, lambda user=user, group=group: digest_mail(user, group)


def _deliver(user, notices, make_message, connection):
    """Send one mail; returns the number of its notices, or 0 if it failed or isn't to be sent."""
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    if not (user.is_active and user.email and may_read_all(user)):
        rows.update(mail=Mail.NONE)
        return 0
    if not _claim(notices):
        return 0
    try:
        send(make_message(), connection)
    except Exception as error:  # whatever is wrong with this mail, the next one is sent
        reason, has_perhaps_arrived = reason_of(error), may_have_arrived(error, connection)
        if has_perhaps_arrived:
            reason = shorten(f"It may have arrived, so it isn’t sent again: {reason}", ERROR_MAX)
        wait = RETRY_AFTER[min(notices[0].mail_attempts, len(RETRY_AFTER) - 1)]
        rows.update(mail_error=reason, mail_due_at=timezone.now() + wait)
        hopeless = rows if has_perhaps_arrived else rows.filter(mail_attempts__gte=MAIL_ATTEMPTS)
        outcome = "given up" if hopeless.update(mail=Mail.FAILED, mail_due_at=None) else "will be tried again"
        logger.warning("Mailing notice %s failed, %s: %s", notices[0].pk, outcome, reason)
        close(connection)  # the next mail gets a new one
        if isinstance(error, NoMailServer):
            raise
        mail_failed(user, reason)
        return 0
    rows.update(mail=Mail.SENT, mail_due_at=None)
    mail_arrived(user)
    return len(notices)


@transaction.atomic
def _claim(notices):
    """Count an attempt for each, and keep others from making one; False if another process is sending them.

    The attempt is counted before it is made: if the process dies during it, the mail is tried again later.
    """
    due = timezone.now() + CLAIMED_FOR
    for notice in notices:
        unclaimed = Notice.objects.filter(pk=notice.pk, mail=Mail.WAITING, mail_attempts=notice.mail_attempts)
        if not unclaimed.update(mail_attempts=F("mail_attempts") + 1, mail_due_at=due):
            transaction.set_rollback(True)
            return False
    return True
