"""How often each person wants mail, and whether mail to them arrives."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles.models import Mailbox, Notice

Frequency = Mailbox.Frequency


def next_digest(now):
    """Return the next moment after `now` at which it is `DIGEST_HOUR` in the site's time zone."""
    zone = timezone.get_default_timezone()
    today = timezone.localdate(now, zone)
    moments = (
        datetime.combine(today + timedelta(days=days), time(settings.DIGEST_HOUR), tzinfo=zone) for days in (0, 1)
    )
    return next(moment for moment in moments if moment > now)


def mailing_of(user, mailbox, now):
    """Return the values of a new notice's `mail` and `mail_due_at` for `user`, whose `mailbox` may be None."""
    frequency = mailbox.frequency if mailbox else Frequency.IMMEDIATE
    if not (user.email and settings.EMAIL_IS_ON) or frequency == Frequency.NONE:
        return {"mail": Notice.Mail.NONE}
    return {"mail": Notice.Mail.WAITING, "mail_due_at": next_digest(now) if frequency == Frequency.DAILY else None}


@transaction.atomic
def set_frequency(user, frequency):
    """Set how often `user` wants mail, for the notices that still wait to be mailed too."""
    Mailbox.objects.update_or_create(user=user, defaults={"frequency": frequency})
    unsent = Notice.objects.filter(user=user).unsent()
    if frequency == Frequency.NONE:
        unsent.update(mail=Notice.Mail.NONE)
    else:
        unsent.filter(mail_attempts=0).update(
            mail_due_at=next_digest(timezone.now()) if frequency == Frequency.DAILY else None
        )


def mail_arrived(user):
    """Record that a mail to `user` was sent: earlier failures no longer count."""
    Mailbox.objects.filter(user=user, failures__gt=0).update(failures=0, failing_since=None, last_error="")


def mail_failed(user, reason):
    """Record that a mail to `user` failed, at this address."""
    now = timezone.now()
    mailbox, _ = Mailbox.objects.get_or_create(user=user)
    Mailbox.objects.filter(pk=mailbox.pk).exclude(failing_address=user.email, failures__gt=0).update(
        failing_address=user.email, failing_since=now, failures=0
    )
    Mailbox.objects.filter(pk=mailbox.pk).update(failures=F("failures") + 1, failed_at=now, last_error=reason)
