"""Links with which people without an account read a text that isn't published, and what they say about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import person
from articles.models.revisions import Revision


class DraftLink(models.Model):
    """A link to one revision that isn't public, for whoever has it, until it expires or is revoked.

    The token in its address isn't stored, only the SHA-256 of it: a copy of the database opens no draft.
    """

    revision = models.ForeignKey(Revision, verbose_name=_("revision"), on_delete=models.PROTECT)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, which is 256 random bits.")
    allows_comments = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = person()
    made_by_name = models.CharField(max_length=150)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=150, blank=True)
    opened_count = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("link to a draft")
        verbose_name_plural = _("links to drafts")
        ordering = ["-pk"]
        default_permissions = ()
        permissions = [("share_draft", "Can share texts that aren't published by link")]

    def __str__(self):
        return f"{self.pk}"


class GuestComment(models.Model):
    """A comment by somebody without an account, under the name that they typed."""

    link = models.ForeignKey(DraftLink, on_delete=models.PROTECT, related_name="comments")
    name = models.CharField(_("name"), max_length=80)
    text = models.TextField(_("text"))
    at = models.DateTimeField()
    sender = models.CharField(max_length=64, help_text="Keyed digest of the network address, for rate limiting.")
    deleted_at = models.DateTimeField(null=True)
    deleted_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("comment of a guest")
        verbose_name_plural = _("comments of guests")
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["sender", "-at"], name="guest_comment_by_sender")]

    def __str__(self):
        return self.text[:60]
