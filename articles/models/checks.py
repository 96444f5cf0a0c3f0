"""Evidence for citations: transcripts, automatic checks, people's confirmations and dismissals, lint issues."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.core import evidence

from .articles import Article, person
from .recordings import Episode


class TranscriptQuerySet(models.QuerySet):
    def current(self):
        """The current transcript of each episode, whose cues are stored."""
        return self.filter(replaced_at__isnull=True)


class Transcript(models.Model):
    """A current or former transcript of an episode. Of former ones only digest, figures and dates are kept."""

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the cues.")
    format = models.CharField(max_length=20)
    language = models.CharField(max_length=20, blank=True)
    file_name = models.CharField(max_length=300, blank=True)
    cue_count = models.PositiveIntegerField()
    problem_count = models.PositiveIntegerField(
        default=0, help_text="Number of places that were repaired or couldn’t be read."
    )
    problems = models.JSONField(
        default=list, help_text="What was repaired or left out, each as [line, cue, text, reason]."
    )
    imported_at = models.DateTimeField()
    imported_by = person()
    imported_by_name = models.CharField(max_length=150, blank=True)
    reviewed_at = models.DateTimeField(null=True, help_text="When somebody else accepted it; empty if nobody did.")
    reviewed_by = person()
    reviewed_by_name = models.CharField(max_length=150, blank=True, default="")
    replaced_at = models.DateTimeField(null=True)

    objects = TranscriptQuerySet.as_manager()

    class Meta:
        verbose_name = _("transcript")
        verbose_name_plural = _("transcripts")
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode"],
                condition=models.Q(replaced_at__isnull=True),
                name="transcript_one_current_per_episode",
            ),
        ]

    def __str__(self):
        return f"{self.file_name or self.format}, {self.cue_count} cues"


class Check(models.Model):
    """The automatic check of a claim at a moment, shared by all citations with the same claim and moment.

    It records what it was made from and is redone when that changes. It never says that a claim is true.
    """

    class Verdict(models.TextChoices):
        SAID_HERE = evidence.SAID_HERE
        SAID_NEARBY = evidence.SAID_NEARBY
        PARTLY = evidence.PARTLY
        SAID_ELSEWHERE = evidence.SAID_ELSEWHERE
        NOT_FOUND = evidence.NOT_FOUND
        NOT_CHECKED = evidence.NOT_CHECKED

    key = models.CharField(max_length=64, unique=True, help_text="Digest of episode, timestamp, claim and context.")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE)
    start_seconds = models.PositiveIntegerField()
    end_seconds = models.PositiveIntegerField(null=True)
    claim = models.TextField()
    context = models.TextField(
        blank=True, help_text="Heading and previous sentence, which say what the claim is about."
    )
    transcript_digest = models.CharField(max_length=64)
    checker_version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    score = models.FloatField(default=0)
    excerpt = models.TextField(blank=True, help_text="Transcript text at the timestamp.")
    matched_words = models.JSONField(default=list)
    missing = models.JSONField(default=list, help_text="For “partly”: the words of the claim that aren’t said there.")
    where_seconds = models.PositiveIntegerField(
        null=True, help_text="For “nearby” and “elsewhere”: the second of the match."
    )
    where_excerpt = models.TextField(blank=True)
    candidates = models.JSONField(default=list, help_text="The best matches, best first, each as [start, end, score].")
    reason = models.CharField(max_length=300, blank=True, help_text="Why the claim wasn’t checked.")
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["episode", "start_seconds"], name="check_by_moment"),
            models.Index(fields=["verdict"], name="check_by_verdict"),
        ]

    def __str__(self):
        return f"{self.verdict}: {self.claim[:60]}"


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
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE)
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


class LintIssue(models.Model):
    """A place in a published text that a lint rule flags. Derived."""

    revision = models.ForeignKey("articles.Revision", on_delete=models.CASCADE)
    citation = models.ForeignKey(
        "articles.Citation", on_delete=models.CASCADE, null=True, help_text="Empty if it isn’t about a single citation."
    )
    code = models.CharField(max_length=30)
    subject = models.CharField(max_length=64, help_text="Digest of the flagged text, to which dismissals refer.")
    text = models.TextField()
    message = models.CharField(max_length=500)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("lint issue")
        verbose_name_plural = _("lint issues")
        indexes = [models.Index(fields=["code", "citation"], name="flagged_by_code")]

    def __str__(self):
        return f"{self.code}: {self.text[:60]}"


class Tally(models.Model):
    """The number of published citations with a verdict at the end of a day, for the trend."""

    on = models.DateField()
    verdict = models.CharField(max_length=20)
    citation_count = models.PositiveIntegerField()

    class Meta:
        ordering = ["on", "verdict"]
        verbose_name_plural = _("tallies")
        constraints = [models.UniqueConstraint(fields=["on", "verdict"], name="tally_unique_per_day_and_verdict")]

    def __str__(self):
        return f"{self.on:%Y-%m-%d} {self.verdict}: {self.citation_count}"
