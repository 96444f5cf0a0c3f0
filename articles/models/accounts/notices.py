"""Notices: what is in an account's inbox, whether it is mailed, and which articles are watched."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.recordings import RecordingChange
from articles.models.revisions import Revision, may_read_all


class NoticeQuerySet(models.QuerySet):
    def of(self, user):
        """The notices of `user`; none if they may no longer read the texts and remarks that notices quote."""
        return self.filter(user=user) if may_read_all(user) else self.none()

    def unread(self):
        return self.filter(read_at=None)

    def unsent(self):
        """Notices whose mail hasn't been sent yet."""
        return self.filter(mail=Notice.Mail.WAITING)

    def to_send(self, now):
        """Unsent notices whose time to be mailed, or to be tried again, has come."""
        return self.unsent().filter(models.Q(mail_due_at=None) | models.Q(mail_due_at__lte=now))


class Notice(models.Model):
    """An item in a person's inbox, also sent by mail."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("needs review")
        ASSIGNED = "assigned", _("assigned to you")
        DECIDED = "decided", _("reviewed")
        PUBLISHED = "published", _("published")
        BEHIND = "behind", _("outdated")
        NOT_PUBLISHED = "not_published", _("not published")
        CHALLENGED = "challenged", _("correction request")
        COMMENTED = "commented", _("new comment")
        GUEST_COMMENTED = "guest_commented", _("comment of a guest")
        RECORDING = "recording", _("recording change")

    class Mail(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        NONE = "none", _("not mailed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, null=True, related_name="notices")
    recording_change = models.ForeignKey(RecordingChange, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.WAITING)
    mail_due_at = models.DateTimeField(null=True, help_text="When to mail it, or to try again; empty for at once.")
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_error = models.CharField(max_length=500, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "read_at", "-id"], name="notice_inbox"),
            models.Index(fields=["mail"], condition=models.Q(mail="waiting"), name="notice_unsent"),
        ]

    def __str__(self):
        return self.text


class MailboxQuerySet(models.QuerySet):
    def failing(self):
        """Mailboxes whose last mail failed, unless the account has another address by now."""
        return self.filter(failures__gt=0, failing_address=models.F("user__email"))


class Mailbox(models.Model):
    """How often a person wants mail, and whether it arrives. Without a row: at once, and no failure so far."""

    class Frequency(models.TextChoices):
        IMMEDIATE = "immediate", _("immediately")
        DAILY = "daily", _("once a day")
        NONE = "none", _("no mail")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE)
    frequency = models.CharField(
        _("mail"),
        max_length=10,
        choices=Frequency.choices,
        default=Frequency.IMMEDIATE,
        help_text=_("When notices are mailed."),
    )
    failing_address = models.EmailField(
        _("address"), blank=True, help_text=_("The address that the failures are about.")
    )
    failing_since = models.DateTimeField(_("failing since"), null=True)
    failed_at = models.DateTimeField(_("last attempt"), null=True)
    failures = models.PositiveIntegerField(
        _("failures"), default=0, help_text=_("Attempts since the last mail that was sent.")
    )
    last_error = models.CharField(_("reason"), max_length=500, blank=True)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["-failures", "user"]

    def __str__(self):
        return str(self.user)


class Watch(models.Model):
    """A person watches an article and gets notices about it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("watch")
        ordering = ["pk"]
        verbose_name_plural = _("watches")
        constraints = [models.UniqueConstraint(fields=["user", "article"], name="watch_unique")]

    def __str__(self):
        return f"{self.user} watches {self.article}"
