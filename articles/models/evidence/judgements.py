"""What people decide about citations and claims: confirmations, dismissals and exemptions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import Article, person
from articles.models.recordings import Episode


class ActiveQuerySet(models.QuerySet):
    def active(self):
        """Judgements that haven't been withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Judgement(models.Model):
    """Base of what a person decides about a text, and can withdraw: a confirmation, a dismissal or an exemption."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    by = person()
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = person()
    withdrawn_by_name = models.CharField(max_length=150, blank=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["pk"]


class Confirmation(Judgement):
    """A person heard that the recording supports the claim. Valid for this claim, moment and episode only."""

    claim_key = models.CharField(max_length=64, help_text="Digest of episode, timestamp and claim.")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT)  # the article's log has it
    start_seconds = models.PositiveIntegerField()
    end_seconds = models.PositiveIntegerField(null=True)
    claim = models.TextField()
    section_key = models.UUIDField(null=True, help_text="The claim’s section at the time; empty for the lead.")

    class Meta(Judgement.Meta):
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        indexes = [
            models.Index(fields=["claim_key"], name="confirmation_by_claim"),
            models.Index(fields=["article"], name="confirmation_by_article"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "claim_key"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="confirmation_unique_in_article",
            ),
        ]

    def __str__(self):
        return f"{self.by_name} heard: {self.claim[:60]}"


class Dismissal(Judgement):
    """A person reviewed an issue and says why it isn't one. Valid until the flagged text changes."""

    class Reason(models.TextChoices):
        HEARD = "heard", _("I heard it there")
        PARAPHRASE = "paraphrase", _("a paraphrase: said in other words")
        ON_SCREEN = "on_screen", _("shown on screen, not said")
        OTHER = "other", _("another reason")

    code = models.CharField(max_length=30, help_text="The lint rule or verdict that was dismissed.")
    subject = models.CharField(max_length=64, help_text="Digest of the flagged text.")
    text = models.TextField(help_text="The flagged text as it was.")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    note = models.CharField(max_length=500, blank=True)

    class Meta(Judgement.Meta):
        verbose_name = _("dismissal")
        verbose_name_plural = _("dismissals")
        indexes = [models.Index(fields=["subject"], name="dismissal_by_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "code", "subject"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="dismissal_unique_in_article",
            ),
        ]

    def __str__(self):
        return f"{self.by_name} dismissed {self.code}: {self.text[:60]}"


class Exemption(Judgement):
    """A section (or the lead) whose sentences need no citations, and why."""

    section_key = models.UUIDField(null=True, help_text="Empty for the lead.")
    reason = models.CharField(max_length=300)

    class Meta(Judgement.Meta):
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "section_key"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="exemption_unique_in_article",
            ),
            models.UniqueConstraint(
                fields=["article"],
                condition=models.Q(withdrawn_at__isnull=True, section_key__isnull=True),
                name="exemption_of_lead_unique_in_article",
            ),
        ]

    def __str__(self):
        return self.reason
