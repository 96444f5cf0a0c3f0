"""Margin comments: comments on a passage of a text, which they follow into later drafts, and edits that they suggest."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import TOMBSTONE, WITHHELD, person
from articles.models.revisions import Revision

from .comments import Comment


class CommentedPassage(models.Model):
    """The passage that a margin comment is about: what was around the words that the comment quotes, and where.

    With that `core/text_quotes.py` finds it in later texts. The comment's `section_key` is None for the lead.
    """

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="passage")
    is_heading = models.BooleanField(default=False, help_text="In the section’s heading or, without one, in the title.")
    prefix = models.TextField(blank=True)
    suffix = models.TextField(blank=True)
    start = models.PositiveIntegerField(help_text="In characters, from the beginning of the section’s text.")

    class Meta:
        verbose_name = _("commented passage")
        verbose_name_plural = _("commented passages")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.comment_id}"


class SuggestedEdit(models.Model):
    """What the author of a margin comment would write instead of its passage; empty to delete it."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("dismissed")

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="edit")
    replacement = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = person()
    decided_by_name = models.CharField(max_length=150, blank=True)
    accepted_in = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("suggested edit")
        verbose_name_plural = _("suggested edits")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.comment_id}"

    @property
    def is_open(self):
        return self.outcome == self.Outcome.OPEN

    @property
    def is_erased(self):
        """Whether its words, or those that it replaces, were erased, or it has a withheld name: it's for no text."""
        return TOMBSTONE in (self.replacement, self.comment.quote) or WITHHELD in self.replacement
