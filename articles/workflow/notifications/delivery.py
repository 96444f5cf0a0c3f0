"""Sends the mail that notices wait for.

A mail that fails keeps its reason, and doesn't keep the next from being sent.
"""

import contextlib
import logging
import smtplib
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

from articles.core.language.shorten import printable_line, shorten
from articles.models import Mailbox, Notice, may_read_all

from .mailboxes import mail_arrived, mail_failed
from .messages import digest_mail, notice_mail

Mail = Notice.Mail
# How long to wait after each failed attempt; when all are used up, the mail is given up.
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
MAIL_ATTEMPTS = len(RETRY_AFTER) + 1
# How long a mail belongs to the process that sends it: longer than a run of the scheduler can hang.
CLAIMED_FOR = timedelta(minutes=15)
RUN_SECONDS = 20  # a run starts no mail after this time, so that a slow mail server doesn't hold up publishing
BATCH = 500
CLOSING, TOO_LARGE = 421, 552  # of RFC 5321, section 4.2.3
ERROR_MAX = Notice._meta.get_field("mail_error").max_length

logger = logging.getLogger(__name__)


class Delivery(NamedTuple):
    """How many notices were `sent`, and the `problem` that stopped the run: the mail server can't be used, or ""."""

    sent: int = 0
    problem: str = ""


class _NoMailServer(Exception):
    """The mail server can't be reached, or refuses the log-in or the sender, which is no fault of the address."""


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
        except _NoMailServer as error:
            problem = str(error)
            break
    _close(connection)
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
        _send(make_message(), connection)
    except Exception as error:  # whatever is wrong with this mail, the next one is sent
        reason, may_have_arrived = _reason(error), _may_have_arrived(error, connection)
        if may_have_arrived:
            reason = shorten(f"It may have arrived, so it isn’t sent again: {reason}", ERROR_MAX)
        wait = RETRY_AFTER[min(notices[0].mail_attempts, len(RETRY_AFTER) - 1)]
        rows.update(mail_error=reason, mail_due_at=timezone.now() + wait)
        hopeless = rows if may_have_arrived else rows.filter(mail_attempts__gte=MAIL_ATTEMPTS)
        outcome = "given up" if hopeless.update(mail=Mail.FAILED, mail_due_at=None) else "will be tried again"
        logger.warning("Mailing notice %s failed, %s: %s", notices[0].pk, outcome, reason)
        _close(connection)  # the next mail gets a new one
        if isinstance(error, _NoMailServer):
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


def _send(message, connection):
    """Send over the open connection or a new one, if the server ended the open one after the last mail."""
    is_new = _open(connection)
    try:
        _transmit(message, connection)
    except smtplib.SMTPException as error:
        is_ended = isinstance(error, smtplib.SMTPServerDisconnected) or getattr(error, "smtp_code", 0) == CLOSING
        if is_new or not is_ended or _may_have_arrived(error, connection):
            raise
        _close(connection)
        _open(connection)
        _transmit(message, connection)


def _open(connection):
    """Open the connection, if it isn't; returns whether it is a new one."""
    try:
        is_new = connection.open()
    except Exception as error:
        raise _NoMailServer(_reason(error)) from error
    if is_new and (smtp := getattr(connection, "connection", None)):
        _watch(smtp)
    return is_new


def _transmit(message, connection):
    try:
        is_taken = connection.send_messages([message])
    except smtplib.SMTPSenderRefused as error:
        if error.smtp_code in {CLOSING, TOO_LARGE}:
            raise
        raise _NoMailServer(_reason(error)) from error
    if not is_taken:
        raise smtplib.SMTPException("The mail server took no mail.")


def _watch(smtp):
    """Have `smtp` keep in `has_sent_text` whether it sent the end of a text (RFC 5321, section 4.1.1.4) last."""
    send = smtp.send

    def watched(data):
        send(data)
        smtp.has_sent_text = data[-5:] in {b"\r\n.\r\n", "\r\n.\r\n"}

    smtp.send, smtp.has_sent_text = watched, False


def _may_have_arrived(error, connection):
    """Whether the mail server had the whole text when the connection broke: a second mail could be a second copy."""
    is_answer = isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused)
    smtp = getattr(connection, "connection", None)
    return isinstance(error, OSError) and not is_answer and getattr(smtp, "has_sent_text", False)


def _close(connection):
    with contextlib.suppress(OSError):
        connection.close()


def _reason(error):
    """Say in one line why a mail failed, with the mail server's own words (smtplib's errors are OSErrors)."""
    if isinstance(error, _NoMailServer):
        code, words = "", str(error)
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        code, words = (
            "",
            str(error) if isinstance(error, OSError) and str(error) else f"{type(error).__name__}: {error}",
        )
    words = words.decode(errors="replace") if isinstance(words, bytes) else words
    return shorten(printable_line(f"{code} {words}".strip()), ERROR_MAX)
