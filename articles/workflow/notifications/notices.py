"""Who gets which notice: in the inbox, and by mail after the commit."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from articles.core.language.shorten import shorten
from articles.core.markdown import links_with_targets
from articles.derived.reviews.reviewers import users_with_permission
from articles.models import Mailbox, Notice, Watch

from .delivery import deliver_now
from .mailboxes import mailing_of

READS = "articles.change_revision"  # as `may_read_all`
TEXT_MAX = Notice._meta.get_field("text").max_length


def watchers(article):
    return get_user_model().objects.filter(pk__in=Watch.objects.filter(article=article).values("user"))


def notify(kind, text, *, revision, users, actor=None, recording_change=None):
    """Put a notice about `revision` in the inbox of each active user in `users` except the actor.

    A former author or watcher may no longer be allowed to read unpublished texts; they get no notice. The notice is
    mailed after the commit or, for a user who wants a daily mail, with the next one. `users` may have None for deleted
    accounts.
    """
    told = {user.pk for user in users if user is not None and user != actor}
    recipients = {user.pk: user for user in users_with_permission(READS).filter(pk__in=told)} if told else {}
    now = timezone.now()
    mailboxes = {mailbox.user_id: mailbox for mailbox in Mailbox.objects.filter(user__in=recipients)}
    notices = Notice.objects.bulk_create(
        Notice(
            user=user,
            kind=kind,
            article=revision.article,
            revision=revision,
            recording_change=recording_change,
            text=shorten(links_with_targets(text), TEXT_MAX),
            at=now,
            **mailing_of(user, mailboxes.get(user.pk), now),
        )
        for user in recipients.values()
    )
    at_once = [notice.pk for notice in notices if notice.mail == Notice.Mail.WAITING and notice.mail_due_at is None]
    if at_once and settings.EMAIL_IS_ON:
        transaction.on_commit(lambda: deliver_now.enqueue(at_once), robust=True)
