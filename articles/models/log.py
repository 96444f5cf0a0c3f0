"""What was decided and done, for ever: reviews and the log. Rows are added, never changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .articles import Article
from .revisions import Revision


class RecordChanged(TypeError):
    """Somebody tried to rewrite history."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise RecordChanged("Records are append-only: add a new one instead of changing this.")

    def delete(self):
        raise RecordChanged("Records are append-only: they are not deleted.")


class AppendOnlyModel(models.Model):
    """Refuses to be changed or deleted through the model and its query sets."""

    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_name = models.CharField(_("by"), max_length=150)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise RecordChanged("Records are append-only: add a new one instead of changing this.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RecordChanged("Records are append-only: they are not deleted.")


class Review(AppendOnlyModel):
    """One moderator's decision on one submitted revision."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes_requested", _("changes requested")
        REJECTED = "rejected", _("rejected")
        CONFIRMED = "confirmed", _("confirmed afterwards")

    revision = models.ForeignKey(Revision, verbose_name=_("revision"), on_delete=models.PROTECT)
    is_override = models.BooleanField(
        default=False, help_text=_("Decided by somebody who wrote a part of it; the comment is the reason.")
    )
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices)
    comment = models.TextField(pgettext_lazy("noun", "comment"), blank=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.by_name}: {self.get_decision_display()}"


class LogEntry(AppendOnlyModel):
    """One thing that was done to an article: who, when, what, to which revision."""

    class Action(models.TextChoices):
        CREATED = "created", _("created")
        STARTED = "started", _("started a draft")
        SUBMITTED = "submitted", _("submitted")
        WITHDRAWN = "withdrawn", _("withdrew")
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes_requested", _("requested changes")
        REJECTED = "rejected", _("rejected")
        PUBLISHED = "published", _("published")
        PUBLISHED_AS_RECEIVED = "published_as_received", _("published as received")
        UNPUBLISHED = "unpublished", _("unpublished")
        MOVED = "moved", _("changed the address")
        SCHEDULED = "scheduled", _("scheduled")
        UNSCHEDULED = "unscheduled", _("took back the schedule of")
        NOT_PUBLISHED = "not_published", _("did not publish")
        OVERRIDDEN = "overridden", _("approved without a second review")
        CONFIRMED = "confirmed", _("confirmed afterwards")
        ACCEPTED_IN_PART = "accepted_in_part", _("accepted in part")
        MERGED = "merged", _("brought up to date")
        PROTECTED = "protected", _("protected")
        RELEASED = "released", _("released")
        RECORDING_CHANGED = "recording_changed", _("changed the recording under")
        ERASED = "erased", _("erased the text of")
        HEARD = "heard", _("heard")
        HEARD_TAKEN_BACK = "heard_taken_back", _("took back having heard")
        DISMISSED = "dismissed", _("dismissed a flag")
        DISMISSAL_TAKEN_BACK = "dismissal_taken_back", _("raised a flag again")
        EXEMPTED = "exempted", _("exempted a part from citations")
        EXEMPTION_TAKEN_BACK = "exemption_taken_back", _("took back an exemption")
        FILED = "filed", _("changed the topics of")
        REDACTED = "redacted", _("redacted a quotation of")

    article = models.ForeignKey(Article, verbose_name=_("article"), on_delete=models.PROTECT)
    revision = models.ForeignKey(Revision, verbose_name=_("revision"), on_delete=models.PROTECT, null=True)
    action = models.CharField(_("action"), max_length=30, choices=Action.choices)
    note = models.TextField(_("note"), blank=True)
    number = models.PositiveIntegerField(_("number"), help_text=_("In the article’s log, from 1 without a gap."))
    account = models.PositiveBigIntegerField(
        null=True, help_text=_("Number of the account, which stays when the account and its name are gone.")
    )
    digest = models.CharField(
        max_length=64, help_text=_("SHA-256 over the entry as canonical JSON and the digest of the entry before.")
    )

    class Meta:
        verbose_name = _("log entry")
        ordering = ["article", "number"]
        verbose_name_plural = _("log entries")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="logentry_number_unique_in_article"),
        ]

    def __str__(self):
        return f"{self.by_name} {self.get_action_display()}"
