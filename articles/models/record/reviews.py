"""Reviews: what a moderator decided on a revision."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models.revisions import Revision

from .permanent import AppendOnlyModel, requirement


class Review(AppendOnlyModel):
    """One moderator's decision on one submitted revision."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes_requested", _("changes requested")
        REJECTED = "rejected", _("rejected")
        CONFIRMED = "confirmed", _("confirmed after publication")
        REVIEWED = "reviewed", _("reviewed as a whole after publication")
        CO_APPROVED = "co_approved", _("approved, as one of several")

    revision = models.ForeignKey(Revision, verbose_name=_("revision"), on_delete=models.PROTECT)
    is_override = models.BooleanField(
        default=False, help_text=_("Decided by someone who wrote part of it; the comment gives the reason.")
    )
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices)
    comment = models.TextField(pgettext_lazy("noun", "comment"), blank=True)
    requirement = requirement()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.by_name}: {self.get_decision_display()}"

    @property
    def is_later(self):
        """Whether the text was already public."""
        return self.decision in {self.Decision.CONFIRMED, self.Decision.REVIEWED}

    @property
    def covers_all(self):
        """Whether it is about the whole text, and not about what the revision changes."""
        return self.decision == self.Decision.REVIEWED
