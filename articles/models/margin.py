"""Margin comments: comments on a passage of a text, which they follow into later drafts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .discussion import Comment


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
