"""Notices: in the inbox at once, by mail after the commit, with retries for mails that failed."""

import logging

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from articles.models import Notice, Watch

logger = logging.getLogger(__name__)

MAIL_ATTEMPTS = 5


def watchers(article):
    return get_user_model().objects.filter(pk__in=Watch.objects.filter(article=article).values("user"))


def notify(kind, text, *, revision, users, actor=None):
    """Put a notice about `revision` in the inbox of each active user in `users` except the actor.

    It is mailed after the commit. `users` may have None for deleted accounts.
    """
    recipients = {user.pk: user for user in users if user is not None and user.is_active}
    if actor is not None:
        recipients.pop(actor.pk, None)
    now = timezone.now()
    notices = Notice.objects.bulk_create(
        Notice(
            user=user,
            kind=kind,
            article=revision.article,
            revision=revision,
            text=text[:500],
            at=now,
            mail=Notice.Mail.WAITING if user.email and settings.EMAIL_IS_ON else Notice.Mail.NONE,
        )
        for user in recipients.values()
    )
    waiting = [notice.pk for notice in notices if notice.mail == Notice.Mail.WAITING]
    if waiting:
        transaction.on_commit(lambda: deliver(Notice.objects.filter(pk__in=waiting)), robust=True)


def deliver(notices):
    """Mail each unsent notice and return how many were sent; failures are logged and retried next time."""
    sent = 0
    for notice in notices.unsent().select_related("user", "article"):
        attempts = notice.mail_attempts + 1
        unclaimed = Notice.objects.filter(pk=notice.pk, mail=Notice.Mail.WAITING, mail_attempts=notice.mail_attempts)
        if not unclaimed.update(mail_attempts=attempts):
            continue  # another process is sending it
        try:
            send_mail(f"{settings.SITE_NAME}: {notice.text}"[:200], notice.text, None, [notice.user.email])
        except OSError as error:  # smtplib's errors are OSErrors
            logger.warning("Mailing notice %s failed: %s", notice.pk, error)
            mail = Notice.Mail.FAILED if attempts >= MAIL_ATTEMPTS else Notice.Mail.WAITING
            Notice.objects.filter(pk=notice.pk).update(mail_error=str(error)[:500], mail=mail)
        else:
            Notice.objects.filter(pk=notice.pk).update(mail=Notice.Mail.SENT)
            sent += 1
    return sent
