"""What is stored of texts: renderings, search entries and transcript windows. All derived."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .articles import Article
from .packed import PackedTextField
from .recordings import Episode
from .revisions import Revision


class SearchEntry(models.Model):
    class Kind(models.IntegerChoices):
        """The most relevant kinds come first."""

        TITLE = 1
        HEADING = 2
        CLAIM = 3
        TEXT = 4

    id = models.BigIntegerField(
        primary_key=True,
        help_text="Kind, article and position in one number, in order of relevance (search/keys.py).",
    )
    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    kind = models.PositiveSmallIntegerField(choices=Kind)
    text = models.TextField(help_text="The text to show: title, heading, claim, or a section’s text.")
    heading = models.TextField(help_text="The section’s heading; empty for the lead.")
    anchor = models.CharField(max_length=320, help_text="Anchor of the section or citation; empty for the lead.")
    episode = models.ForeignKey(
        Episode, on_delete=models.CASCADE, null=True, help_text="The episode that a claim cites."
    )
    start_seconds = models.PositiveIntegerField(null=True)
    end_seconds = models.PositiveIntegerField(null=True)
    size = models.PositiveIntegerField(help_text="Number of words in `text`.")
    words = models.TextField(help_text="The tokens to search (articles/derived/search/tokens.py).")
    digest = models.CharField(
        max_length=64, help_text="In the title’s row: digest of everything that the article’s rows are built from."
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text[:60]


class TranscriptWindow(models.Model):
    id = models.BigIntegerField(primary_key=True, help_text="Episode and number of the window in one number.")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE)
    start_seconds = models.FloatField()
    end_seconds = models.FloatField()
    words = models.TextField(help_text="The tokens to search.")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "transcript windows"

    def __str__(self):
        return f"{self.episode_id} {self.start_seconds}"


class Rendering(models.Model):
    """A revision's rendered text, from which its page is made. Derived; all HTML is safe."""

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, primary_key=True)
    renderer_version = models.PositiveIntegerField(db_index=True)
    lead_html = models.TextField()
    lead_text = models.TextField(default="", help_text=_("The lead as plain text, for lists and previews."))
    text_html = PackedTextField(help_text=_("The sections, nested by level."))
    # For the previous release, which may be serving, on a site that it has set up; this one doesn't show it. The
    # database's default lets the next release drop the field while this one writes.
    page_html = models.TextField(default="", db_default="", editable=False)
    page_changes = models.PositiveIntegerField(
        default=0, db_default=0, help_text=_("How often anything else that the article’s page shows has changed.")
    )
    word_count = models.PositiveIntegerField(
        default=0, help_text=_("Number of words in the whole text, for the reading time.")
    )
    partial_review = models.JSONField(
        null=True,
        help_text=_(
            "How much of the published text reviews cover, if they don’t cover all of it; only while published."
        ),
    )
    plain_text = models.TextField(help_text=_("Title, lead, headings and text as plain text, for search."))

    def __str__(self):
        return f"Rendering of {self.revision_id}"
