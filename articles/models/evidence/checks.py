"""What the machine knows about citations: transcripts, checks, lint issues and their daily counts."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.core import evidence
from articles.core.evidence import source_issues
from articles.models.articles.articles import person
from articles.models.recordings import Episode, RecordingChange


class TranscriptQuerySet(models.QuerySet):
    def current(self):
        """The current transcript of each episode, whose cues are stored."""
        return self.filter(replaced_at__isnull=True)

    def with_corrections(self):
        """With `corrected_at` and `corrected_by_name` of the last correction since the review, None without one.

        Whoever reviewed the transcript has not seen these corrections.
        """
        since = RecordingChange.objects.applied().filter(
            episode=models.OuterRef("episode"),
            after__cue__has_key="text",
            decided_at__gt=models.OuterRef("reviewed_at"),
            decided_at__lte=Coalesce(models.OuterRef("replaced_at"), "decided_at"),
        )
        last = since.order_by("-decided_at", "-pk")
        return self.annotate(
            corrected_at=models.Subquery(last.values("decided_at")[:1]),
            corrected_by_name=models.Subquery(last.values("proposed_by_name")[:1]),
        )


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
        cues = ngettext("%(count)s cue", "%(count)s cues", self.cue_count) % {"count": self.cue_count}
        return f"{self.file_name or self.format}, {cues}"


class CheckQuerySet(models.QuerySet):
    def with_discrepancy(self, kind):
        """The checks with a discrepancy of `kind`."""
        return self.exclude(discrepancy_kinds="").filter(discrepancy_kinds__contains=kind)


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
        CANT_TELL = evidence.CANT_TELL
        NOT_CHECKED = evidence.NOT_CHECKED

    key = models.CharField(max_length=64, unique=True, help_text="Digest of episode, timestamp, claim and context.")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE)
    start_seconds = models.PositiveIntegerField()
    end_seconds = models.PositiveIntegerField(null=True)
    claim = models.TextField()
    context = models.TextField(
        blank=True, help_text="Heading and previous sentence, which say what the claim is about."
    )
    is_quotation = models.BooleanField(
        default=False, db_default=False, help_text="Whether the claim is quoted in a block quote, without marks."
    )
    transcript_digest = models.CharField(max_length=64)
    checker_version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    score = models.FloatField(default=0)
    excerpt = models.TextField(blank=True, help_text="Transcript text at the timestamp.")
    is_excerpt_left_out = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Readers don’t see the excerpt, because riskier citations use up what may be shown. Derived.",
    )
    matched_words = models.JSONField(default=list)
    missing = models.JSONField(default=list, help_text="For “partly”: the words of the claim that aren’t said there.")
    discrepancies = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="What the whole recording doesn’t say like this, each as [kind, text, closest wording, its second].",
    )
    discrepancy_kinds = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="The kinds among the discrepancies, to filter by.",
    )
    where_seconds = models.PositiveIntegerField(
        null=True, help_text="For “nearby” and “elsewhere”: the second of the match."
    )
    where_excerpt = models.TextField(blank=True)
    candidates = models.JSONField(default=list, help_text="The best matches, best first, each as [start, end, score].")
    reason = models.CharField(max_length=300, blank=True, help_text="Why the claim wasn’t checked.")
    checked_at = models.DateTimeField()

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["episode", "start_seconds"], name="check_by_moment"),
            models.Index(fields=["verdict"], name="check_by_verdict"),
            models.Index(
                fields=["discrepancy_kinds"], name="check_by_discrepancies", condition=~models.Q(discrepancy_kinds="")
            ),
        ]

    def __str__(self):
        return f"{self.verdict}: {self.claim[:60]}"

    @property
    def published_score(self):
        """The score in hundredths, as readers see it in the citation report; None if nothing could be checked."""
        return None if self.verdict == evidence.NOT_CHECKED else round(self.score, 2)


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


class SourceIssue(models.Model):
    """What is wrong with a published text's citations of one recording as a whole; they refer to it. Derived."""

    class Kind(models.TextChoices):
        OTHER_RECORDING = source_issues.OTHER_RECORDING
        SHIFTED = source_issues.SHIFTED
        HOURS_TOO_LATE = source_issues.HOURS_TOO_LATE
        MINUTES_AS_HOURS = source_issues.MINUTES_AS_HOURS
        PAST_END = source_issues.PAST_END

    revision = models.ForeignKey("articles.Revision", on_delete=models.CASCADE)
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    offset_seconds = models.IntegerField(
        null=True, help_text="For “shifted”: the seconds to be added to the timestamps."
    )
    explained_count = models.PositiveIntegerField(help_text="Citations that it explains, with marks past the end.")
    citation_count = models.PositiveIntegerField(help_text="Citations of the recording, with marks past the end.")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("issue of a source")
        verbose_name_plural = _("issues of sources")
        constraints = [
            models.UniqueConstraint(fields=["revision", "episode"], name="source_issue_unique_per_source"),
        ]

    def __str__(self):
        return f"{self.kind}: {self.explained_count} of {self.citation_count}"


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
