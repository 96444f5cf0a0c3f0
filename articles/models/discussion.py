"""What is said about a text: moderators' comments on a revision, readers' challenges of a claim."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .articles import Article
from .revisions import Revision


class CommentQuerySet(models.QuerySet):
    def threads(self):
        """First comments, each with its answers at hand."""
        return self.filter(parent=None).prefetch_related("answers")

    def unresolved(self):
        return self.filter(parent=None, resolved_at=None)


class Comment(models.Model):
    """A remark on a section or a changed sentence of a revision; it stays with the revision."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT)
    section_key = models.UUIDField(null=True, blank=True, help_text=_("None: on the whole revision."))
    change = models.CharField(max_length=64, blank=True, help_text=_("Which change of the comparison it is about."))
    quote = models.TextField(_("quote"), blank=True, help_text=_("The sentence as it stood when the comment was made."))
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    text = models.TextField(_("text"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    resolved_at = models.DateTimeField(null=True)
    resolved_by_name = models.CharField(max_length=150, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("noun", "comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="comment_not_empty"),
        ]

    def __str__(self):
        return f"{self.by_name}: {self.text[:60]}"


class CorrectionRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(outcome=CorrectionRequest.Outcome.OPEN)


class CorrectionRequest(models.Model):
    """A reader's word that a claim is wrong, or how to say it better. No account is needed."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        STANDS = "stands", _("stands")
        CORRECTED = "corrected", _("corrected")
        SPAM = "spam", _("spam")

    article = models.ForeignKey(Article, verbose_name=_("article"), on_delete=models.PROTECT)
    revision = models.ForeignKey(
        Revision, verbose_name=_("revision"), on_delete=models.PROTECT, help_text=_("The text that the reader saw.")
    )
    section_key = models.UUIDField(null=True)
    section_heading = models.CharField(_("section heading"), max_length=300, blank=True)
    claim = models.TextField(_("claim"), blank=True, help_text=_("The claim that is challenged, as it stood."))
    text = models.TextField(_("text"), help_text=_("What is wrong, in the reader’s words."))
    at = models.DateTimeField()
    sender = models.CharField(
        max_length=64, help_text=_("Keyed digest of the network address, for limiting; the address is not kept.")
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, default=Outcome.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_by_name = models.CharField(max_length=150, blank=True)
    corrected_in = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="corrections")

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["outcome", "-at"], name="challenge_queue"),
            models.Index(fields=["sender", "-at"], name="challenge_by_sender"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="challenge_not_empty"),
            models.CheckConstraint(
                condition=~models.Q(outcome="corrected") | models.Q(corrected_in__isnull=False),
                name="challenge_corrected_in_a_revision",
                violation_error_message=_("Say in which revision it was corrected."),
            ),
        ]

    def __str__(self):
        return self.text[:60]


class Quotation(models.Model):
    """A place that still said a passage of a text when that was erased; redacted, or left for a reason."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("comment")
        CHALLENGE = "challenge", _("reader’s suggestion")
        LOG = "log", _("log entry")
        REVIEW = "review", _("decision")
        NOTICE = "notice", _("notice in an inbox")
        DISMISSAL = "dismissal", _("dismissal of a flag")
        EXEMPTION = "exemption", _("exemption from citations")
        REVISION = "revision", _("another revision")

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, help_text=_("The text that was erased."))
    kind = models.CharField(max_length=20, choices=Kind.choices)
    row = models.PositiveBigIntegerField(help_text=_("Which one of its kind."))
    fields = models.JSONField(default=list, help_text=_("Which of its texts say it."))
    redacted_at = models.DateTimeField(null=True)
    redacted_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "row"], name="quotation_by_place")]
        constraints = [
            models.UniqueConstraint(fields=["revision", "kind", "row"], name="quotation_unique_in_place"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.row}"
