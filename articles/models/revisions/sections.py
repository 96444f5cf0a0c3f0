"""The parts of a revision's text: its sections, and the citations, links and images read from them."""

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from articles.core.timestamps import format_timestamp
from articles.models.recordings import Episode

from .revisions import Revision

LEVELS = range(1, 6)


class Section(models.Model):
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    key = models.UUIDField(
        default=uuid.uuid4,
        editable=False,
        help_text=_("Stays the same across revisions, so that a section can be compared even if its heading changes."),
    )
    position = models.PositiveIntegerField(_("position"))
    level = models.PositiveSmallIntegerField(
        _("level"),
        default=1,
        validators=[MinValueValidator(LEVELS[0]), MaxValueValidator(LEVELS[-1])],
        help_text=_("1 is the level directly below the title."),
    )
    heading = models.CharField(_("heading"), max_length=300)
    anchor = models.CharField(max_length=320, editable=False)
    body = MarkdownxField(
        _("text"),
        blank=True,
        help_text=_(
            "Markdown. Put the timestamp after the claim: [00:06:31], a range [00:06:31-00:07:10], "
            "another source [e2 00:06:31], a link to an article [[slug]] or [[slug|label]]."
        ),
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "position"], name="section_position_unique_in_revision"),
            models.UniqueConstraint(fields=["revision", "key"], name="section_key_unique_in_revision"),
            models.UniqueConstraint(fields=["revision", "anchor"], name="section_anchor_unique_in_revision"),
            models.CheckConstraint(
                condition=models.Q(level__gte=LEVELS[0], level__lte=LEVELS[-1]),
                name="section_level_in_range",
                violation_error_message=format_lazy(
                    _("Choose a section level from {least} to {most}."), least=LEVELS[0], most=LEVELS[-1]
                ),
            ),
        ]

    def __str__(self):
        return self.heading


class Citation(models.Model):
    """One timestamp at one place in the text. Derived: rebuilt from the text, never edited."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    section = models.ForeignKey(
        Section, verbose_name=_("section"), on_delete=models.CASCADE, null=True, help_text=_("Empty for the lead.")
    )
    position = models.PositiveIntegerField(help_text=_("Position in the text, counted from 1."))
    episode = models.ForeignKey(Episode, verbose_name=_("episode"), on_delete=models.PROTECT)
    start_seconds = models.PositiveIntegerField(_("start seconds"))
    end_seconds = models.PositiveIntegerField(_("end seconds"), null=True)
    anchor = models.CharField(max_length=80)
    text = models.TextField(help_text=_("The mark as written in the text."))
    is_in_heading = models.BooleanField(default=False)
    offset = models.PositiveIntegerField(
        help_text=_("Number of characters before the mark in the lead, heading or body.")
    )
    claim = models.TextField(_("claim"), help_text=_("The sentence that the citation supports."))
    context = models.TextField(default="", help_text=_("The section’s heading and the sentence before the claim."))
    is_quotation = models.BooleanField(
        default=False, db_default=False, help_text=_("Whether the claim is quoted in a block quote, without marks.")
    )
    claim_key = models.CharField(
        max_length=64, default="", db_index=True, help_text=_("Digest of episode, timestamp and claim.")
    )
    finding = models.ForeignKey(
        "articles.Check",
        on_delete=models.SET_NULL,
        null=True,
        help_text=_("The automatic check; empty without a transcript."),
    )
    # Copied from the rows they follow from, for lists of the whole site.
    verdict = models.CharField(max_length=20, default="not checked", help_text=_("The verdict of the automatic check."))
    score = models.FloatField(null=True, help_text=_("The score of the automatic check; empty if not checked."))
    risk = models.PositiveSmallIntegerField(default=0, help_text=_("What a reader risks if the citation is wrong."))
    is_public = models.BooleanField(default=False, help_text=_("Whether its revision is public."))
    source_issue = models.ForeignKey(
        "articles.SourceIssue",
        on_delete=models.SET_NULL,
        null=True,
        help_text=_("The issue of all citations of the recording that explains this one’s."),
    )

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["revision", "position"]
        indexes = [
            models.Index(fields=["episode", "start_seconds"], name="citation_by_moment"),
            models.Index(fields=["-risk", "id"], condition=models.Q(is_public=True), name="citation_public_by_risk"),
            models.Index(
                fields=["verdict", "-risk", "id"],
                condition=models.Q(is_public=True),
                name="citation_public_by_verdict",
            ),
            models.Index(fields=["score", "id"], condition=models.Q(is_public=True), name="citation_public_by_score"),
            models.Index(
                fields=["episode", "start_seconds", "id"],
                condition=models.Q(is_public=True),
                name="citation_public_by_moment",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["revision", "position"], name="citation_position_unique_in_revision"),
            models.UniqueConstraint(fields=["revision", "anchor"], name="citation_anchor_unique_in_revision"),
            models.CheckConstraint(
                condition=models.Q(end_seconds__isnull=True) | models.Q(end_seconds__gt=models.F("start_seconds")),
                name="citation_ends_after_it_starts",
                violation_error_message=_("A range must end after it starts."),
            ),
        ]

    def __str__(self):
        return f"{format_timestamp(self.start_seconds)} {self.claim[:60]}"

    def clean(self):
        if self.section_id and self.section.revision_id != self.revision_id:
            raise ValidationError({"section": gettext("The section belongs to another revision.")})


class Link(models.Model):
    """A link to another article, which need not exist. Derived."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    slug = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["revision", "slug"]
        indexes = [models.Index(fields=["slug"], name="link_by_target")]
        constraints = [models.UniqueConstraint(fields=["revision", "slug"], name="link_unique_in_revision")]

    def __str__(self):
        return self.slug


class ImageUse(models.Model):
    """An upload that the text shows, by the name of its file. Derived."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("image in a text")
        verbose_name_plural = _("images in texts")
        default_permissions = ()
        ordering = ["revision", "name"]
        indexes = [models.Index(fields=["name"], name="image_use_by_name")]
        constraints = [models.UniqueConstraint(fields=["revision", "name"], name="image_use_unique_in_revision")]

    def __str__(self):
        return self.name
