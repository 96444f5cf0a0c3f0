"""Versions of drafts: what each save stored, so that its author and moderators can compare and restore it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles.articles import person

from .revisions import Revision


class DraftVersion(models.Model):
    """The content of a draft as one save stored it."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    number = models.PositiveIntegerField(_("number"), help_text=_("The revision’s `version` after the save."))
    is_autosave = models.BooleanField(default=False)
    saved_at = models.DateTimeField(_("saved at"))
    saved_by = person()
    saved_by_name = models.CharField(max_length=150)
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the content; saving the same again adds nothing."))
    content = models.JSONField(help_text=_("As `workflow.audit_log.content_value` returns it."))

    class Meta:
        default_permissions = ()
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["revision", "number"], name="draftversion_unique_in_revision")]

    def __str__(self):
        return f"{self.revision_id}.{self.number}"
