"""Comments on a revision."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models.articles.articles import person
from articles.models.revisions import Revision


class CommentQuerySet(models.QuerySet):
    def threads(self):
        """Comments that start a thread, with their answers prefetched."""
        return self.filter(parent=None).prefetch_related("answers")

    def unresolved(self):
        return self.filter(parent=None, resolved_at=None)


class Comment(models.Model):
    """A comment on a revision as a whole, on a section or on a changed sentence."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT)
    section_key = models.UUIDField(null=True, blank=True, help_text=_("Empty for a comment on the whole revision."))
    change = models.CharField(
        max_length=64, blank=True, help_text=_("The change in the comparison that the comment is about.")
    )
    quote = models.TextField(_("quote"), blank=True, help_text=_("The sentence as it was when the comment was made."))
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    text = models.TextField(_("text"))
    at = models.DateTimeField()
    by = person()
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
