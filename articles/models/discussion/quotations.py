"""Quotations of erased text in other rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.revisions import Revision


class Quotation(models.Model):
    """A row that quoted a text when that text was erased; it is redacted, or left on purpose."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("comment")
        CHALLENGE = "challenge", _("correction request")
        LOG = "log", _("log entry")
        REVIEW = "review", _("review")
        NOTICE = "notice", _("inbox notice")
        DISMISSAL = "dismissal", _("dismissed issue")
        EXEMPTION = "exemption", _("exemption from citations")
        RECORDING = "recording", _("recording change")
        REVISION = "revision", _("another revision")

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, help_text=_("The revision whose text was erased."))
    kind = models.CharField(max_length=20, choices=Kind.choices)
    row = models.PositiveBigIntegerField(help_text=_("Primary key of the row that quotes it."))
    fields = models.JSONField(default=list, help_text=_("The fields that quote it."))
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
