"""What concerns one person: notices, watched articles, and who has a draft open."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .articles import Article
from .revisions import Revision


class NoticeQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def unsent(self):
        """Notices whose mail has not gone out yet."""
        return self.filter(mail=Notice.Mail.WAITING)


class Notice(models.Model):
    """Something that a person should know of, in the inbox and by mail."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("waits for review")
        DECIDED = "decided", _("was decided")
        PUBLISHED = "published", _("was published")
        BEHIND = "behind", _("is behind")
        NOT_PUBLISHED = "not_published", _("did not go out")
        CHALLENGED = "challenged", _("was challenged")
        COMMENTED = "commented", _("has a comment")

    class Mail(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")
        NONE = "none", _("no address")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, null=True, related_name="notices")
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.WAITING)
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


class Watch(models.Model):
    """A person wants to know what happens to an article."""

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


class PresenceQuerySet(models.QuerySet):
    def since(self, moment):
        return self.filter(seen_at__gte=moment)


class Presence(models.Model):
    """A person has a draft open; the browser says so again every few seconds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    since = models.DateTimeField(help_text=_("When they opened it."))
    seen_at = models.DateTimeField(help_text=_("When their browser last said so."))

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "revision"], name="presence_unique")]

    def __str__(self):
        return f"{self.user} at {self.revision_id}"


class ProfileQuerySet(models.QuerySet):
    def public(self):
        """The pages that their people want to be seen."""
        return self.filter(is_public=True, user__is_active=True)


class Profile(models.Model):
    """What somebody says of themselves on a page of their own, if they want one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE)
    slug = models.SlugField(
        _("slug"), max_length=100, unique=True, allow_unicode=True, help_text=_("The address of your page.")
    )
    name = models.CharField(_("name"), max_length=150, help_text=_("Your name as readers see it on the page."))
    about = models.TextField(
        _("about"),
        max_length=2000,
        blank=True,
        help_text=_("Who you are and what qualifies you to review, in plain text. An empty line begins a paragraph."),
    )
    url = models.URLField(_("address"), blank=True, help_text=_("Where readers find more about you, if you like."))
    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("Shows your page to everybody and links your name to it.")
    )

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("person", args=[self.slug])
